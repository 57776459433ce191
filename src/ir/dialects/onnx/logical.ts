// Written by scripts/generate-onnx-dialect.ts from ONNX's operator schemas. Do not edit.
import { one, op } from "../../define.ts";
import { i64Attribute, stringAttributeSpec } from "./attributes.ts";
import { anyTensor, boolTensor, numberTensor, tensorOf } from "./constraints.ts";

/** Comparisons, boolean and bitwise operators, with broadcasting. */
export const logical = {
  And: op({
    summary: "boolean and",
    operands: { A: one(boolTensor), B: one(boolTensor) },
    attributes: {},
    results: { C: one(boolTensor) },
    traits: ["pure", "commutative"],
  }),
  BitShift: op({
    summary: "unsigned integers shifted left or right",
    operands: { X: one(tensorOf("uint")), Y: one(tensorOf("uint")) },
    attributes: { direction: stringAttributeSpec },
    results: { Z: one(tensorOf("uint")) },
    traits: ["pure"],
  }),
  BitwiseAnd: op({
    summary: "bitwise and",
    operands: { A: one(tensorOf("int", "uint")), B: one(tensorOf("int", "uint")) },
    attributes: {},
    results: { C: one(tensorOf("int", "uint")) },
    traits: ["pure", "commutative"],
  }),
  BitwiseNot: op({
    summary: "bitwise complement",
    operands: { X: one(tensorOf("int", "uint")) },
    attributes: {},
    results: { Y: one(tensorOf("int", "uint")) },
    traits: ["pure", "elementwise", "involution"],
  }),
  BitwiseOr: op({
    summary: "bitwise or",
    operands: { A: one(tensorOf("int", "uint")), B: one(tensorOf("int", "uint")) },
    attributes: {},
    results: { C: one(tensorOf("int", "uint")) },
    traits: ["pure", "commutative"],
  }),
  BitwiseXor: op({
    summary: "bitwise exclusive or",
    operands: { A: one(tensorOf("int", "uint")), B: one(tensorOf("int", "uint")) },
    attributes: {},
    results: { C: one(tensorOf("int", "uint")) },
    traits: ["pure", "commutative"],
  }),
  Equal: op({
    summary: "A = B",
    operands: { A: one(anyTensor), B: one(anyTensor) },
    attributes: {},
    results: { C: one(boolTensor) },
    traits: ["pure", "commutative"],
  }),
  Greater: op({
    summary: "A > B",
    operands: { A: one(numberTensor), B: one(numberTensor) },
    attributes: {},
    results: { C: one(boolTensor) },
    traits: ["pure"],
  }),
  GreaterOrEqual: op({
    summary: "A ≥ B",
    operands: { A: one(numberTensor), B: one(numberTensor) },
    attributes: {},
    results: { C: one(boolTensor) },
    traits: ["pure"],
  }),
  IsInf: op({
    summary: "whether an element is infinite",
    operands: { X: one(tensorOf("float", "float8")) },
    attributes: { detect_negative: i64Attribute.default(1), detect_positive: i64Attribute.default(1) },
    results: { Y: one(boolTensor) },
    traits: ["pure", "elementwise"],
  }),
  IsNaN: op({
    summary: "whether an element is no number",
    operands: { X: one(tensorOf("float", "float8")) },
    attributes: {},
    results: { Y: one(boolTensor) },
    traits: ["pure", "elementwise"],
  }),
  Less: op({
    summary: "A < B",
    operands: { A: one(numberTensor), B: one(numberTensor) },
    attributes: {},
    results: { C: one(boolTensor) },
    traits: ["pure"],
  }),
  LessOrEqual: op({
    summary: "A ≤ B",
    operands: { A: one(numberTensor), B: one(numberTensor) },
    attributes: {},
    results: { C: one(boolTensor) },
    traits: ["pure"],
  }),
  Not: op({
    summary: "boolean negation",
    operands: { X: one(boolTensor) },
    attributes: {},
    results: { Y: one(boolTensor) },
    traits: ["pure", "elementwise", "involution"],
  }),
  Or: op({
    summary: "boolean or",
    operands: { A: one(boolTensor), B: one(boolTensor) },
    attributes: {},
    results: { C: one(boolTensor) },
    traits: ["pure", "commutative"],
  }),
  Where: op({
    summary: "elements of X where the condition holds, of Y elsewhere",
    operands: { condition: one(boolTensor), X: one(anyTensor), Y: one(anyTensor) },
    attributes: {},
    results: { output: one(anyTensor) },
    traits: ["pure"],
  }),
  Xor: op({
    summary: "boolean exclusive or",
    operands: { A: one(boolTensor), B: one(boolTensor) },
    attributes: {},
    results: { C: one(boolTensor) },
    traits: ["pure", "commutative"],
  }),
};
