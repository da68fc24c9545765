// Two projects: `unit` tests stand beside the code and stay under 30 s together; `system` tests
// drive whole programs, real sockets and real processes, and live under test/.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    pool: "forks",
    // On two cores the default is one; the long tests here wait for other processes.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          // Modules are loaded once a process, which halves the time; no test here changes one.
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
