import { isKernel } from "../../../ir/dialects/gpu/kernel.ts";
import { math, vector } from "../../../ir/dialects/index.ts";
import { type IrReader, type Module, type Operation, walk } from "../../../ir/module.ts";
import { Rewriter } from "../../../ir/rewriter.ts";
import type { Type, VectorType } from "../../../ir/types.ts";
import { scalarizeInside } from "../../../passes/legalize/index.ts";
import { pass } from "../../../passes/pass.ts";
import { laneCount } from "../types.ts";

/** Operations on whole vectors that the printer has rules for. */
const printed: ReadonlySet<string> = new Set(
  [
    vector.broadcast,
    vector.extract,
    vector.fma,
    vector.from_elements,
    vector.insert,
    vector.load,
    vector.reduction,
    vector.shuffle,
    vector.store,
  ].map((op) => op.name),
);
const scalarOnly: ReadonlySet<string> = new Set([math.ipowi.name, math.fpowi.name]);
/** Lanes of 32 bits and truth values: all that WGSL has vectors of. */
const laneTypes: ReadonlySet<string> = new Set(["f32", "i32", "i1", "index"]);

const isSupported = (type: VectorType): boolean => laneCount(type) !== undefined && laneTypes.has(type.element.text);

/** Whether an operation works on vectors in a way that WGSL does not have. */
function isUnsupported(reader: IrReader, op: Operation): boolean {
  const types: readonly Type[] = [...op.operands, ...op.results].map((value) => reader.typeOf(value));
  const vectors = types.filter((type) => type.kind === "vector");
  if (vectors.length === 0) return false;
  if (!vectors.every(isSupported) || scalarOnly.has(op.name)) return true;
  if (!op.name.startsWith("vector.")) return false;
  if (!printed.has(op.name)) return true;
  // A vector repeated, and lanes that are only known at run time.
  if (op.name === vector.broadcast.name) return reader.typeOf(op.operands[0]!).kind === "vector";
  return (
    vector.insert.match(reader, op)?.operands.dynamic_position.length === 1 ||
    vector.extract.match(reader, op)?.operands.dynamic_position.length === 1
  );
}

/** Kernels with vectors that WGSL lacks compute on their lanes, one by one. */
export const scalarizeUnsupportedVectors = pass({
  name: "wgsl-scalarize-unsupported-vectors",
  summary: "spell out the vectors of kernels where some have no WGSL type",
  anchors: ["builtin.module"],
  statistics: { scalarized: "operations spelled out" },
  run(module: Module, _options, context) {
    const rewriter = new Rewriter(module);
    for (const kernel of Array.from(walk(rewriter)).filter(isKernel))
      if (Array.from(walk(rewriter, kernel.id)).some((op) => isUnsupported(rewriter, op)))
        context.count("scalarized", scalarizeInside(rewriter, kernel.id));
    return context.commit(rewriter);
  },
});
