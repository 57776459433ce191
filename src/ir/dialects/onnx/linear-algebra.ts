// Written by scripts/generate-onnx-dialect.ts from ONNX's operator schemas. Do not edit.
import { one, op, optional, variadic } from "../../define.ts";
import { float32, i64Attribute, stringAttributeSpec } from "./attributes.ts";
import { floatTensor, indexTensor, numberTensor, tensorOf } from "./constraints.ts";

/** Matrix products, determinants, Fourier transforms and windows. */
export const linearAlgebra = {
  BlackmanWindow: op({
    summary: "Blackman window of a length",
    operands: { size: one(indexTensor) },
    attributes: { output_datatype: i64Attribute.default(1), periodic: i64Attribute.default(1) },
    results: { output: one(numberTensor) },
    traits: ["pure"],
  }),
  DFT: op({
    summary: "discrete Fourier transform along an axis",
    operands: { input: one(floatTensor), dft_length: optional(indexTensor), axis: optional(tensorOf("i64")) },
    attributes: { inverse: i64Attribute.default(0), onesided: i64Attribute.default(0) },
    results: { output: one(floatTensor) },
    traits: ["pure"],
  }),
  Det: op({
    summary: "determinant of the last two axes",
    operands: { X: one(floatTensor) },
    attributes: {},
    results: { Y: one(floatTensor) },
    traits: ["pure"],
  }),
  Einsum: op({
    summary: "sum of products in Einstein's notation",
    operands: { Inputs: variadic(tensorOf("int", "uint", "f16", "f32", "f64"), 1) },
    attributes: { equation: stringAttributeSpec },
    results: { Output: one(tensorOf("int", "uint", "f16", "f32", "f64")) },
    traits: ["pure"],
  }),
  Gemm: op({
    summary: "alpha·A'·B' + beta·C",
    operands: {
      A: one(tensorOf("float", "i32", "i64", "ui32", "ui64")),
      B: one(tensorOf("float", "i32", "i64", "ui32", "ui64")),
      C: optional(tensorOf("float", "i32", "i64", "ui32", "ui64")),
    },
    attributes: {
      alpha: float32(1),
      beta: float32(1),
      transA: i64Attribute.default(0),
      transB: i64Attribute.default(0),
    },
    results: { Y: one(tensorOf("float", "i32", "i64", "ui32", "ui64")) },
    traits: ["pure"],
  }),
  HammingWindow: op({
    summary: "Hamming window of a length",
    operands: { size: one(indexTensor) },
    attributes: { output_datatype: i64Attribute.default(1), periodic: i64Attribute.default(1) },
    results: { output: one(numberTensor) },
    traits: ["pure"],
  }),
  HannWindow: op({
    summary: "Hann window of a length",
    operands: { size: one(indexTensor) },
    attributes: { output_datatype: i64Attribute.default(1), periodic: i64Attribute.default(1) },
    results: { output: one(numberTensor) },
    traits: ["pure"],
  }),
  MatMul: op({
    summary: "matrix product as numpy.matmul defines it",
    operands: {
      A: one(tensorOf("float", "i32", "i64", "ui32", "ui64")),
      B: one(tensorOf("float", "i32", "i64", "ui32", "ui64")),
    },
    attributes: {},
    results: { Y: one(tensorOf("float", "i32", "i64", "ui32", "ui64")) },
    traits: ["pure"],
  }),
  MatMulInteger: op({
    summary: "matrix product of 8-bit integers to 32 bits",
    operands: {
      A: one(tensorOf("i8", "ui8")),
      B: one(tensorOf("i8", "ui8")),
      a_zero_point: optional(tensorOf("i8", "ui8")),
      b_zero_point: optional(tensorOf("i8", "ui8")),
    },
    attributes: {},
    results: { Y: one(tensorOf("i32")) },
    traits: ["pure"],
  }),
  MelWeightMatrix: op({
    summary: "weights that turn a linear spectrum into mel bins",
    operands: {
      num_mel_bins: one(indexTensor),
      dft_length: one(indexTensor),
      sample_rate: one(indexTensor),
      lower_edge_hertz: one(floatTensor),
      upper_edge_hertz: one(floatTensor),
    },
    attributes: { output_datatype: i64Attribute.default(1) },
    results: { output: one(numberTensor) },
    traits: ["pure"],
  }),
  QLinearMatMul: op({
    summary: "matrix product of quantized tensors to a quantized one",
    operands: {
      a: one(tensorOf("float8", "i8", "ui8")),
      a_scale: one(tensorOf("bf16", "f16", "f32")),
      a_zero_point: one(tensorOf("float8", "i8", "ui8")),
      b: one(tensorOf("float8", "i8", "ui8")),
      b_scale: one(tensorOf("bf16", "f16", "f32")),
      b_zero_point: one(tensorOf("float8", "i8", "ui8")),
      y_scale: one(tensorOf("bf16", "f16", "f32")),
      y_zero_point: one(tensorOf("float8", "i8", "ui8")),
    },
    attributes: {},
    results: { y: one(tensorOf("float8", "i8", "ui8")) },
    traits: ["pure"],
  }),
  STFT: op({
    summary: "short-time Fourier transform",
    operands: {
      signal: one(floatTensor),
      frame_step: one(indexTensor),
      window: optional(floatTensor),
      frame_length: optional(indexTensor),
    },
    attributes: { onesided: i64Attribute.default(1) },
    results: { output: one(floatTensor) },
    traits: ["pure"],
  }),
};
