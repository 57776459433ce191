import { affineMaps, boolAttributeSpec, i64Array, i64Attribute } from "../../attribute-codecs.ts";
import { allTypesMatch } from "../../assembly.ts";
import { anyType, anyVector, floatVector, index, indexVector1D, mask, nonScalarVector } from "../../constraints.ts";
import { one, op, optional, variadic } from "../../define.ts";
import { sameElementType, sameType } from "../../type-relations.ts";
import { elementOf, indexType } from "../../types.ts";
import { contractAssembly, maskAssembly, outerProductAssembly } from "../assembly/vector.ts";
import { fastMathFlags } from "../fast-math.ts";
import {
  verifyConstantMask,
  verifyContraction,
  verifyCreateMask,
  verifyMask,
  verifyMultiReduction,
  verifyReduction,
  verifyScan,
} from "../rules/vector.ts";
import { combiningKind, iteratorTypes } from "./kinds.ts";

/** Arithmetic across lanes, and the masks that choose them. */
export const arithmeticOperations = {
  fma: op({
    summary: "lhs·rhs + acc with one rounding",
    operands: { lhs: one(floatVector), rhs: one(floatVector), acc: one(floatVector) },
    attributes: {},
    results: { result: one(floatVector) },
    traits: ["pure", "elementwise", "same-operands-and-result-type"],
    relations: [sameType("lhs", "rhs", "acc", "result")],
    assembly: "$lhs `,` $rhs `,` $acc attr-dict `:` type($lhs)",
  }),
  reduction: op({
    summary: "all lanes combined, with an accumulator if given",
    operands: { vector: one(anyVector), acc: optional(anyType) },
    attributes: { kind: combiningKind, fastmath: fastMathFlags },
    results: { dest: one(anyType) },
    traits: ["pure"],
    relations: [
      sameElementType(["vector", "dest"], "source operand and result have same element type"),
      { ...sameType("acc", "dest"), description: "dest and acc have the same type" },
    ],
    infer: ({ types }) => ({ dest: elementOf(types.vector) }),
    assembly: {
      format:
        "$kind `,` $vector (`,` $acc^)? (`fastmath` `` $fastmath^)? attr-dict `:` type($vector) `into` type($dest)",
      infer: { acc: ({ dest }) => dest },
    },
    verify: verifyReduction,
  }),
  multi_reduction: op({
    summary: "the lanes of some dimensions combined, with an accumulator",
    operands: { source: one(nonScalarVector), acc: one(anyType) },
    attributes: { kind: combiningKind, reduction_dims: i64Array },
    results: { dest: one(anyType) },
    traits: ["pure"],
    relations: [
      sameType("dest", "acc"),
      sameElementType(["source", "dest"], "source operand and result have same element type"),
    ],
    infer: ({ types }) => ({ dest: types.acc }),
    assembly: {
      format: "$kind `,` $source `,` $acc attr-dict $reduction_dims `:` type($source) `to` type($dest)",
      infer: allTypesMatch("dest", "acc"),
    },
    verify: verifyMultiReduction,
  }),
  contract: op({
    summary: "a sum of products over some dimensions, with an accumulator",
    operands: { lhs: one(nonScalarVector), rhs: one(nonScalarVector), acc: one(anyType) },
    attributes: { indexing_maps: affineMaps, iterator_types: iteratorTypes, kind: combiningKind.default("add") },
    results: { result: one(anyType) },
    traits: ["pure"],
    relations: [
      sameElementType(["lhs", "rhs"], "lhs and rhs have same element type"),
      sameElementType(["acc", "result"], "third operand acc and result have same element type"),
    ],
    assembly: contractAssembly,
    verify: verifyContraction,
  }),
  outerproduct: op({
    summary: "every product of a lane of one vector and a lane of another, with an accumulator if given",
    operands: { lhs: one(nonScalarVector), rhs: one(anyType), acc: optional(nonScalarVector) },
    attributes: { kind: combiningKind.default("add") },
    results: { result: one(nonScalarVector) },
    traits: ["pure"],
    relations: [
      sameElementType(["lhs", "result"], "lhs operand and result have same element type"),
      sameElementType(["rhs", "result"], "rhs operand and result have same element type"),
    ],
    assembly: outerProductAssembly,
  }),
  scan: op({
    summary: "running combinations along a dimension",
    operands: { source: one(nonScalarVector), initial_value: one(anyVector) },
    attributes: { kind: combiningKind, reduction_dim: i64Attribute, inclusive: boolAttributeSpec },
    results: { dest: one(nonScalarVector), accumulated_value: one(anyVector) },
    traits: ["pure"],
    relations: [sameType("source", "dest"), sameType("initial_value", "accumulated_value")],
    infer: ({ types }) => ({ dest: types.source, accumulated_value: types.initial_value }),
    assembly: "$kind `,` $source `,` $initial_value attr-dict `:` type($source) `,` type($initial_value)",
    verify: verifyScan,
  }),
  step: op({
    summary: "0, 1, 2, …",
    operands: {},
    attributes: {},
    results: { result: one(indexVector1D) },
    traits: ["pure"],
    assembly: "attr-dict `:` type($result)",
  }),
  vscale: op({
    summary: "how many times longer scalable vectors are than they say",
    operands: {},
    attributes: {},
    results: { res: one(index) },
    traits: ["pure"],
    infer: () => ({ res: indexType }),
    assembly: "attr-dict",
  }),
  create_mask: op({
    summary: "a mask whose first lanes are set, as many as the operands say",
    operands: { operands: variadic(index) },
    attributes: {},
    results: { result: one(mask) },
    traits: ["pure"],
    assembly: "$operands attr-dict `:` type(results)",
    verify: verifyCreateMask,
  }),
  constant_mask: op({
    summary: "a mask whose first lanes are set, as many as the attribute says",
    operands: {},
    attributes: { mask_dim_sizes: i64Array },
    results: { result: one(mask) },
    traits: ["pure"],
    assembly: "$mask_dim_sizes attr-dict `:` type(results)",
    verify: verifyConstantMask,
  }),
  mask: op({
    summary: "an operation on the lanes whose mask is set, the pass-through elsewhere",
    operands: { mask: one(mask), passthru: optional(anyType) },
    attributes: {},
    results: { results: variadic(anyType) },
    regions: ["maskRegion"],
    traits: ["recursively-pure", "single-block"],
    assembly: maskAssembly,
    verify: verifyMask,
  }),
  yield: op({
    summary: "ends the region of a vector operation",
    operands: { operands: variadic(anyType) },
    attributes: {},
    results: {},
    traits: ["pure", "terminator"],
    assembly: "attr-dict ($operands^ `:` type($operands))?",
  }),
} as const;
