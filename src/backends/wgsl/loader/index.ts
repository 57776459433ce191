import type * as Declared from "./weft-webgpu.d.ts";
import { load } from "./load.ts";
import { WeftError } from "./weft-error.ts";

// What is declared to the loader's users is what is there: the compiler compares them here.
const { Weft } = { Weft: { load }, WeftError } satisfies typeof Declared;

export { Weft, WeftError };
