import { anyType } from "../constraints.ts";
import { dialect, op, variadic } from "../define.ts";
import { kernelAssembly } from "./assembly/weft-kernel.ts";
import { verifyKernel, verifyYield } from "./rules/weft.ts";

/**
 * What upstream's dialects lack. Discardable attributes of this dialect, on any operation or function argument:
 * - `weft.name = "…"`: the model's name of a function argument or result;
 * - `weft.element = "ui8"`: the model's element type of an argument or result, where the signless one says less;
 * - `weft.schedule = {…}`: a performance decision (tile sizes, vector width, unrolling), applied by lowering as written.
 */
export const weft = dialect("weft", "operations that upstream's dialects lack", {
  kernel: op({
    summary: "a fusion group: structured operations that become one loop nest, intermediate results never in memory",
    operands: { inputs: variadic(anyType), outputs: variadic(anyType) },
    attributes: {},
    results: { results: variadic(anyType) },
    regions: ["body"],
    traits: ["recursively-pure", "single-block"],
    assembly: kernelAssembly,
    verify: verifyKernel,
  }),
  yield: op({
    summary: "ends the body of a fusion group",
    operands: { values: variadic(anyType) },
    attributes: {},
    results: {},
    traits: ["terminator", "pure"],
    assembly: "attr-dict ($values^ `:` type($values))?",
    verify: verifyYield,
  }),
});
