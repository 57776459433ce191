import { one, op, variadic } from "../../define.ts";
import { axis, elements, indexElements } from "./attributes.ts";
import { scalarInteger32, shape, tensor, tensorAtLeast1D } from "./constraints.ts";
import { binaryShape, plainAssembly, unaryShape, verified } from "./operation.ts";
import { constantShapes, constantTypes } from "./rules/constant.ts";
import { concatShapeRank, constantShapeValues, dimAxis, sliceShapeRange } from "./rules/shape.ts";

/** Constants, and what is computed of shapes. */
export const shapeOperations = {
  const: op({
    summary: "a constant tensor",
    operands: {},
    attributes: { values: elements },
    results: { output: one(tensor) },
    traits: ["pure", "constant-like"],
    verify: verified(constantShapes, constantTypes),
  }),
  const_shape: op({
    summary: "a constant shape",
    operands: {},
    attributes: { values: indexElements },
    results: { output: one(shape) },
    traits: ["pure", "constant-like"],
    assembly: plainAssembly,
    verify: verified(constantShapeValues),
  }),
  dim: op({
    summary: "one size of a tensor, as a shape of one dimension",
    operands: { input1: one(tensorAtLeast1D) },
    attributes: { axis },
    results: { output: one(shape) },
    traits: ["pure"],
    assembly: plainAssembly,
    verify: verified(dimAxis),
  }),
  concat_shape: op({
    summary: "shapes one after the other",
    operands: { input: variadic(shape) },
    attributes: {},
    results: { output: one(shape) },
    traits: ["pure"],
    assembly: plainAssembly,
    verify: verified(concatShapeRank),
  }),
  slice_shape: op({
    summary: "a part of a shape",
    operands: { input: one(shape), start: one(scalarInteger32), size: one(scalarInteger32) },
    attributes: {},
    results: { output: one(shape) },
    traits: ["pure"],
    assembly: plainAssembly,
    verify: verified(sliceShapeRange),
  }),
  add_shape: binaryShape("sums of dimensions"),
  sub_shape: binaryShape("differences of dimensions"),
  mul_shape: binaryShape("products of dimensions"),
  div_ceil_shape: binaryShape("quotients of dimensions, rounded up"),
  div_floor_shape: binaryShape("quotients of dimensions, rounded down"),
  mod_shape: binaryShape("remainders of dimensions"),
  max_shape: binaryShape("the greater dimensions"),
  min_shape: binaryShape("the lesser dimensions"),
  exp2_shape: unaryShape("powers of two"),
  log2_ceil_shape: unaryShape("binary logarithms of dimensions, rounded up"),
  log2_floor_shape: unaryShape("binary logarithms of dimensions, rounded down"),
} as const;
