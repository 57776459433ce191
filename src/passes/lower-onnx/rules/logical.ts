import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { i1, stringType } from "../../../ir/types.ts";
import type { HostTensor } from "../../../support/numeric/host-tensor.ts";
import { broadcastHost } from "../host-broadcast.ts";
import { lowering, type Lowering } from "../lowering.ts";
import type { Comparison, Scalar, ScalarBuilder } from "../scalar-builder.ts";

const comparisons = {
  Greater: "gt",
  GreaterOrEqual: "ge",
  Less: "lt",
  LessOrEqual: "le",
} as const satisfies Readonly<Record<string, Comparison>>;

const comparisonRules = (Object.keys(comparisons) as (keyof typeof comparisons)[]).map((name) =>
  lowering(onnx[name], ({ t, inputs: { A, B } }) => [
    t.elementwise([A, B], i1, (s, x, y) => s.compare(comparisons[name], x!, y!)),
  ]),
);

const bitwiseBodies = {
  And: (s, x, y) => s.and(x, y),
  Or: (s, x, y) => s.or(x, y),
  Xor: (s, x, y) => s.xor(x, y),
  BitwiseAnd: (s, x, y) => s.and(x, y),
  BitwiseOr: (s, x, y) => s.or(x, y),
  BitwiseXor: (s, x, y) => s.xor(x, y),
} as const satisfies Readonly<Record<string, (s: ScalarBuilder, x: Scalar, y: Scalar) => Scalar>>;

const bitwiseRules = (Object.keys(bitwiseBodies) as (keyof typeof bitwiseBodies)[]).map((name) =>
  lowering(onnx[name], ({ t, inputs: { A, B } }) => [
    t.elementwise([A, B], A.element, (s, x, y) => bitwiseBodies[name](s, x!, y!)),
  ]),
);

export const logicalRules: readonly Lowering[] = [
  ...comparisonRules,
  ...bitwiseRules,
  lowering(onnx.Equal, ({ t, inputs: { A, B }, known }) => {
    if (A.element !== stringType) return [t.elementwise([A, B], i1, (s, x, y) => s.compare("eq", x!, y!))];
    const { shape, operands } = broadcastHost([known(A, "A"), known(B, "B")]);
    const [left, right] = operands as [readonly unknown[], readonly unknown[]];
    const data = Uint8Array.from(left, (text, index) => Number(text === right[index]));
    return [t.constant({ elementType: "i1", shape, data } satisfies HostTensor)];
  }),
  lowering(onnx.Not, ({ t, inputs: { X } }) => [t.map(X, (s, x) => s.not(x))]),
  lowering(onnx.BitwiseNot, ({ t, inputs: { X } }) => [t.map(X, (s, x) => s.not(x))]),
  lowering(onnx.BitShift, ({ t, inputs: { X, Y }, attributes: { direction }, invalid }) => {
    if (direction !== "LEFT" && direction !== "RIGHT") invalid(`direction must be LEFT or RIGHT, not ${direction}`);
    return [
      t.elementwise([X, Y], X.element, (s, x, y) =>
        direction === "LEFT" ? s.shiftLeft(x!, y!) : s.shiftRight(x!, y!),
      ),
    ];
  }),
  lowering(onnx.IsNaN, ({ t, inputs: { X } }) => [t.map(X, (s, x) => s.isNan(x), i1)]),
  lowering(onnx.IsInf, ({ t, inputs: { X }, attributes: { detect_negative, detect_positive } }) => [
    t.map(
      X,
      (s, x) => {
        const zero = s.constant(0, x.type);
        const sides = s.or(
          s.and(s.compare("gt", x, zero), s.constant(detect_positive, i1)),
          s.and(s.compare("lt", x, zero), s.constant(detect_negative, i1)),
        );
        return s.and(s.isInfinite(x), sides);
      },
      i1,
    ),
  ]),
  lowering(onnx.Where, ({ t, inputs: { condition, X, Y }, known }) => {
    if (X.element !== stringType)
      return [t.elementwise([condition, X, Y], X.element, (s, c, x, y) => s.select(c!, x!, y!))];
    const { shape, operands } = broadcastHost([known(condition, "condition"), known(X, "X"), known(Y, "Y")]);
    const [choice, left, right] = operands as [readonly unknown[], readonly unknown[], readonly unknown[]];
    const data = Array.from(choice, (chosen, index) => String(chosen ? left[index] : right[index]));
    return [t.constant({ elementType: "string", shape, data })];
  }),
];
