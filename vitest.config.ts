// Two projects: `unit` tests stand beside the code and stay under 30 s together; `system` tests
// drive whole programs, real sockets and real processes, and live under test/.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    pool: "forks",
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          // Modules are loaded once a process, which halves the time; no unit test changes a module.
          isolate: false,
          include: ["{actors,api,bench,cmd,codec,crypto,hotpath,platform,vault}/**/*.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "system",
          include: ["test/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
