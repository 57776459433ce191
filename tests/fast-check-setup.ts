import { configureGlobal } from "fast-check";

// Every property of a run uses the run's seed, which vitest.config.ts chooses and prints; 200 cases unless a test asks for more.
configureGlobal({ seed: Number(process.env["FC_SEED"]), numRuns: 200 });
