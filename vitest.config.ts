import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { swiftShaderDriver } from "./tests/support/swiftshader.ts";

const minutes = 60_000;

/**
 * What takes minutes together: whole models and suites, C that gcc compiles, what runs on a WebGPU adapter, properties over many
 * generated programs, commands run as processes, comparisons with upstream's tools, and folders named `slow`.
 */
const slow = [
  "tests/{backends,cli,conformance,corpus,end-to-end,errors/cli,models,properties}/**/*.test.ts",
  "tests/**/*.{property,upstream}.test.ts",
  "tests/runtime/{native,webgpu}/**/*.test.ts",
  "tests/**/slow/**/*.test.ts",
];

// All properties of a run start from one seed, printed so that the run can be repeated: FC_SEED=… npm test.
// Vitest reads this file once for each project, so the seed is kept where the next reading finds it.
if (process.env["FC_SEED"] === undefined) {
  process.env["FC_SEED"] = String(Math.floor(Math.random() * 2 ** 31));
  console.error(`fast-check's seed: FC_SEED=${process.env["FC_SEED"]}`);
}

export default defineConfig({
  test: {
    // Processes, not threads: some tests load native libraries, which must not outlive or bring down another test's world.
    pool: "forks",
    maxWorkers: Math.max(1, Math.min(8, availableParallelism())),
    projects: [
      {
        extends: true,
        test: {
          name: "quick",
          include: ["tests/**/*.test.ts"],
          exclude: slow,
          testTimeout: 2 * minutes,
          hookTimeout: 2 * minutes,
        },
      },
      {
        extends: true,
        test: { name: "full", include: slow, testTimeout: 25 * minutes, hookTimeout: 25 * minutes },
      },
    ],
    env: {
      FC_SEED: process.env["FC_SEED"],
      // The same adapter everywhere, whatever GPU the machine has; a driver that is named already is tested instead.
      VK_ICD_FILENAMES: process.env["VK_ICD_FILENAMES"] ?? swiftShaderDriver,
    },
    globalSetup: ["tests/global-setup.ts"],
    setupFiles: ["tests/fast-check-setup.ts"],
    restoreMocks: true,
  },
});
