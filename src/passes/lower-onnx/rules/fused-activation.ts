import { onnxMicrosoft } from "../../../ir/dialects/onnx/index.ts";
import { lowering, type Lowering } from "../lowering.ts";
import type { Scalar, ScalarBuilder } from "../scalar-builder.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { gelu, geluTanh } from "./activation.ts";
import { computationType, mapWide } from "./arithmetic.ts";

/** A function of a sum, computed in the computation type. */
function ofSum(t: TensorBuilder, terms: readonly Tensor[], body: (s: ScalarBuilder, x: Scalar) => Scalar): Tensor {
  const { element } = terms[0]!;
  const wide = computationType(element);
  return t.elementwise(terms, element, (s, ...values) => {
    const sum = values.map((value) => s.cast(value, wide)).reduce((left, right) => s.add(left, right));
    return s.cast(body(s, sum), element);
  });
}

/** ONNX Runtime's activations, alone or with the bias that comes before them. */
export const fusedActivationRules: readonly Lowering[] = [
  lowering(onnxMicrosoft.Gelu, ({ t, inputs: { X } }) => [mapWide(t, X, gelu)]),
  lowering(onnxMicrosoft.BiasGelu, ({ t, inputs: { A, B } }) => [ofSum(t, [A, B], gelu)]),
  lowering(onnxMicrosoft.FastGelu, ({ t, inputs: { X, bias } }) => [ofSum(t, bias ? [X, bias] : [X], geluTanh)]),
  lowering(onnxMicrosoft.QuickGelu, ({ t, inputs: { X }, attributes: { alpha } }) => [
    mapWide(t, X, (s, x) => s.mul(x, s.sigmoid(s.mul(s.constant(alpha, x.type), x)))),
  ]),
];
