import { defineConfig } from "vitest/config";

const minutes = 60_000;

/** What of the control plane's tests each run has time for: every environment is taken, reconciled and scraped, and one page arrives. */
const ACCEPTANCE = [
  "test/e2e/control-plane/environments.test.ts",
  "test/e2e/control-plane/total-outage.test.ts",
];

const parts = {
  globalSetup: ["./test/support/build-servers.ts", "./test/support/run-previews.ts"],
  // Slow machines need their time, and no test waits for a time to pass.
  testTimeout: 2 * minutes,
  hookTimeout: 5 * minutes,
};

const controlPlane = {
  globalSetup: ["./test/support/control-plane/build.ts", "./test/support/run-previews.ts"],
  // Each of these files runs a dozen servers: one at a time, and with nothing beside it, since their subject is time.
  fileParallelism: false,
  testTimeout: 5 * minutes,
  hookTimeout: 5 * minutes,
};

/**
 * Proofs by brute force, which `npm run test:proofs` has the time for: each takes minutes, and fails after changes of rules alone.
 * `npm test` has one of each kind: the cases of prod and local, the accuracy of an objective, the limits of the catalogue.
 */
const PROOFS = [
  "test/cli/lab/every-fault.test.ts",
  "test/components/service/cases.test.ts",
  "test/components/slo/births.test.ts",
  "test/components/slo/calendar-month.test.ts",
  "test/components/slo/limits.test.ts",
  "test/components/slo/period.test.ts",
  "test/mutation/**/*.test.ts",
];

export default defineConfig({
  test: {
    environment: "node",
    // A process for each file: Pulumi's runtime keeps its state in module variables, and two programs must not share it.
    pool: "forks",
    maxWorkers: 2,
    reporters: ["default", "./test/support/closing-line.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "parts",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**", "test/engines/**", ...PROOFS],
          ...parts,
          provide: { proven: ["local", "prod"] },
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "proofs",
          include: ["test/infra/proofs.test.ts", ...PROOFS],
          ...parts,
          provide: { proven: ["local", "prod", "dev", "staging"] },
          sequence: { groupOrder: 5 },
        },
      },
      {
        extends: true,
        test: {
          name: "end-to-end",
          include: ["test/e2e/**/*.test.ts"],
          exclude: ["test/e2e/control-plane/**", "test/e2e/engine/**"],
          globalSetup: "./test/support/build-engine.ts",
          // After the parts: a failure here is read more easily when those are known to be right.
          testTimeout: 5 * minutes,
          hookTimeout: 10 * minutes,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          // What goes on after the first `up`: `npm run test:engine`, not part of `npm test`.
          name: "engine",
          include: ["test/e2e/engine/**/*.test.ts"],
          globalSetup: "./test/support/build-engine.ts",
          fileParallelism: false,
          testTimeout: 10 * minutes,
          hookTimeout: 10 * minutes,
          sequence: { groupOrder: 4 },
        },
      },
      {
        extends: true,
        test: {
          // Real long-term storage in a time that passes faster: `npm run test:engines`, not part of `npm test`.
          name: "engines",
          include: ["test/engines/**/*.test.ts"],
          globalSetup: "./test/support/build-stores.ts",
          // Their subject is time: one at a time.
          fileParallelism: false,
          testTimeout: 10 * minutes,
          hookTimeout: 20 * minutes,
          sequence: { groupOrder: 6 },
        },
      },
      {
        extends: true,
        test: {
          name: "acceptance",
          include: ACCEPTANCE,
          ...controlPlane,
          // The page is mostly waited for, and meanwhile the environments have the machine.
          fileParallelism: true,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: "control-plane",
          include: ["test/e2e/control-plane/**/*.test.ts"],
          exclude: ACCEPTANCE,
          ...controlPlane,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
