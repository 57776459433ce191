import { PassRegistry } from "./pass-registry.ts";

/** Every pass of the compiler: a new one is a new folder and a line here. */
export const passes = new PassRegistry([]);
