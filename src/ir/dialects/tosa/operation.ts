import type { AttributeSpecs } from "../../attribute-codecs.ts";
import type { TypeConstraint } from "../../constraints.ts";
import { one, op, type Trait } from "../../define.ts";
import type { Diagnostic } from "../../../support/diagnostic.ts";
import { enumAssembly } from "./enum-assembly.ts";
import { blockSizes, nanModes, resizeModes, roundingModes } from "./attributes.ts";
import type { OperationView } from "../rules/operation-view.ts";
import { type Check, inOrder, type Needed } from "./rules/check.ts";
import { broadcastable, sameElementType, sameOperandElementType, sameRank, sameShape } from "./rules/elementwise.ts";
import { resolvableShapes, sameShapeRanks } from "./rules/shape.ts";
import { booleanTensor, shape, tensor } from "./constraints.ts";

/** The syntax that most operations share: `%a, %b {…} : (types) -> types`. */
export const plainAssembly = "operands attr-dict `:` functional-type(operands, results)";

/** The same, with a bare word for how NaN operands are treated; left out where they make the result NaN. */
export const nanModeAssembly = enumAssembly({
  name: "nan_mode",
  values: nanModes,
  title: "nan_mode",
  omitted: "PROPAGATE",
});
export const roundingModeAssembly = enumAssembly({
  name: "rounding_mode",
  values: roundingModes,
  title: "rounding_mode",
});
export const resizeModeAssembly = enumAssembly({ name: "mode", values: resizeModes, title: "resize mode" });
export const blockSizeAssembly = enumAssembly({ name: "block_size", values: blockSizes, title: "block_size" });

/** The verifier of an operation: shapes among its operands are known at compile time, and these checks find nothing. */
export const verified = <const C extends readonly Check<never>[]>(
  ...checks: C
): ((view: Needed<C> & OperationView) => Iterable<Diagnostic>) => inOrder(resolvableShapes, ...checks) as never;

type NoAttributes = Readonly<Record<never, never>>;

/** One tensor to another of the same type. */
export function unary<const A extends AttributeSpecs = NoAttributes>(
  summary: string,
  options: ElementwiseOptions<A> = {},
) {
  const { constraint = tensor, attributes = {} as A } = options;
  return op({
    summary,
    operands: { input1: one(constraint) },
    attributes,
    results: { output: one(constraint) },
    traits: ["pure"],
    assembly: plainAssembly,
    verify: verified(sameShape, sameElementType, broadcastable, sameRank),
  });
}
interface ElementwiseOptions<A extends AttributeSpecs> {
  readonly constraint?: TypeConstraint;
  readonly attributes?: A;
  readonly traits?: readonly Trait[];
}
/** {@link unary}, of the operations that name their operand otherwise. */
export const unaryInput = (summary: string) =>
  op({
    summary,
    operands: { input: one(tensor) },
    attributes: {},
    results: { output: one(tensor) },
    traits: ["pure"],
    assembly: plainAssembly,
    verify: verified(sameShape, sameElementType, broadcastable, sameRank),
  });

/** Two tensors of one element type, broadcast to one shape. */
export function binary<const A extends AttributeSpecs = NoAttributes>(
  summary: string,
  options: ElementwiseOptions<A> = {},
) {
  const { constraint = tensor, attributes = {} as A, traits = [] } = options;
  return op({
    summary,
    operands: { input1: one(constraint), input2: one(constraint) },
    attributes,
    results: { output: one(constraint) },
    traits: ["pure", ...traits],
    assembly: plainAssembly,
    verify: verified(sameElementType, broadcastable, sameRank),
  });
}
/** {@link binary} with truth values as its result. */
export const comparison = (summary: string, traits: readonly Trait[] = []) =>
  op({
    summary,
    operands: { input1: one(tensor), input2: one(tensor) },
    attributes: {},
    results: { output: one(booleanTensor) },
    traits: ["pure", ...traits],
    assembly: plainAssembly,
    verify: verified(sameOperandElementType, broadcastable, sameRank),
  });

/** One shape to another of as many dimensions. */
export const unaryShape = (summary: string) =>
  op({
    summary,
    operands: { input: one(shape) },
    attributes: {},
    results: { output: one(shape) },
    traits: ["pure"],
    assembly: plainAssembly,
    verify: inOrder(sameShapeRanks, resolvableShapes),
  });
/** Two shapes of as many dimensions to another. */
export const binaryShape = (summary: string) =>
  op({
    summary,
    operands: { input1: one(shape), input2: one(shape) },
    attributes: {},
    results: { output: one(shape) },
    traits: ["pure"],
    assembly: plainAssembly,
    verify: inOrder(sameShapeRanks, resolvableShapes),
  });
