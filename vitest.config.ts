// Three projects: `unit` tests stand beside the code and stay under 30 s together; `system` tests
// drive whole programs, real sockets and real processes, and live under test/; both are `npm test`.
// `long` tests are slow system tests of what is not on the path of a payment: `npm run test:long`,
// and .ci/run.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Programs that tests start find their compiled modules here: half of a start's time. */
const compiled = fileURLToPath(new URL(".cache/compiled", import.meta.url));

const systemLimits = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    pool: "forks",
    // On two cores the default is one; the long tests here wait for other processes.
    maxWorkers: 3,
    env: { NODE_COMPILE_CACHE: compiled },
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
          exclude: ["test/**/*.long.test.ts"],
          ...systemLimits,
        },
      },
      {
        extends: true,
        test: { name: "long", include: ["test/**/*.long.test.ts"], ...systemLimits },
      },
    ],
  },
});
