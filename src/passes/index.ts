import { bufferizePass } from "./bufferize/bufferize.ts";
import { lowerToLoopsPass } from "./loops/lower-to-loops.ts";
import { formKernels } from "./form-kernels/form-kernels.ts";
import { fuseElementwise } from "./fuse-elementwise/fuse-elementwise.ts";
import { planMemoryPass } from "./plan-memory/plan-memory.ts";
import { PassRegistry } from "./pass-registry.ts";

/** Every pass of the compiler: a new one is a new folder and a line here. */
export const passes = new PassRegistry([formKernels, fuseElementwise, bufferizePass, lowerToLoopsPass, planMemoryPass]);
