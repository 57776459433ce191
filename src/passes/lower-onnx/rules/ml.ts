import { identityMap, projectionMap } from "../../../ir/affine.ts";
import { onnxMl } from "../../../ir/dialects/onnx/index.ts";
import { f32, f64, i64, stringType, type Type } from "../../../ir/types.ts";
import { lowering, type Lowering, type LoweringView } from "../lowering.ts";
import type { Scalar, ScalarBuilder } from "../scalar-builder.ts";
import type { Tensor } from "../tensor.ts";
import type { TensorBuilder } from "../tensor-builder.ts";
import { isInBounds, positionOf } from "./gather.ts";

type View = Pick<LoweringView, "t" | "unsupported" | "invalid">;

/** Numbers of an attribute for each column of the last axis, or one for all of them. */
function columnNumbers(
  view: View,
  name: string,
  values: readonly (number | bigint)[],
  columns: number,
  element: Type,
): Tensor {
  if (values.length !== 1 && values.length !== columns)
    view.invalid(`${name} has ${values.length} entries for ${columns} columns`);
  return view.t.numbers(values, element);
}

/** Rows divided by a norm of theirs, in f32. */
function normalizeRows(
  t: TensorBuilder,
  x: Tensor,
  norm: {
    readonly prepare: (s: ScalarBuilder, x: Scalar) => Scalar;
    readonly combine: (s: ScalarBuilder, total: Scalar, x: Scalar) => Scalar;
    readonly finish?: (s: ScalarBuilder, total: Scalar) => Scalar;
  },
): Tensor {
  const wide = t.cast(x, x.element === f64 ? f64 : f32);
  const total = t.reduceInto(wide, [x.rank - 1], true, { initial: 0, ...norm });
  return t.elementwise([wide, total], f32, (s, value, sum) => {
    const length = norm.finish ? norm.finish(s, sum!) : sum!;
    const isNothing = s.compare("eq", length, s.constant(0, length.type));
    return s.cast(s.select(isNothing, value!, s.div(value!, length)), f32);
  });
}

const norms: Readonly<Record<string, Parameters<typeof normalizeRows>[2]>> = {
  MAX: { prepare: (s, x) => s.abs(x), combine: (s, most, x) => s.max(most, x) },
  L1: { prepare: (s, x) => s.abs(x), combine: (s, sum, x) => s.add(sum, x) },
  L2: { prepare: (s, x) => s.mul(x, x), combine: (s, sum, x) => s.add(sum, x), finish: (s, sum) => s.sqrt(sum) },
};

/** Maps have no values here: sequences and optionals are the only structures. */
const mapOperators = [onnxMl.CastMap, onnxMl.DictVectorizer, onnxMl.ZipMap].map((definition): Lowering => ({
  name: definition.name,
  rule: (view) => view.unsupported("maps from keys to values are no tensors; converters can leave them out"),
}));

export const mlRules: readonly Lowering[] = [
  ...mapOperators,
  lowering(onnxMl.Binarizer, ({ t, inputs: { X }, attributes: { threshold } }) => [
    t.map(X, (s, x) => {
      // Whole numbers are compared with the threshold as it is, not with its whole part.
      const wide = x.type.kind === "float" ? x : s.cast(x, f64);
      return s.cast(s.compare("gt", wide, s.constant(threshold, wide.type)), x.type);
    }),
  ]),
  lowering(onnxMl.Scaler, (view) => {
    const { t } = view;
    const { X } = view.inputs;
    const { offset = [0], scale = [1] } = view.attributes;
    const columns = X.shape.at(-1) ?? 1;
    const wide = X.element === f64 ? f64 : f32;
    const [offsets, scales] = [
      columnNumbers(view, "offset", offset, columns, wide),
      columnNumbers(view, "scale", scale, columns, wide),
    ];
    const operands = [
      X,
      ...[offsets, scales].map((parameter) => (X.rank === 0 ? t.reshape(parameter, []) : parameter)),
    ];
    return [
      t.elementwise(operands, f32, (s, x, shift, factor) =>
        s.cast(s.mul(s.sub(s.cast(x!, wide), shift!), factor!), f32),
      ),
    ];
  }),
  lowering(onnxMl.Normalizer, (view) => {
    const { X } = view.inputs;
    if (X.rank !== 1 && X.rank !== 2) view.invalid(`its operand has rank ${X.rank}`);
    const norm = norms[view.attributes.norm] ?? view.invalid(`norm ${view.attributes.norm} is none of MAX, L1 and L2`);
    return [normalizeRows(view.t, X, norm)];
  }),
  lowering(onnxMl.Imputer, (view) => {
    const { t, attributes: a } = view;
    const { X } = view.inputs;
    const columns = X.shape.at(-1) ?? view.invalid("its operand is a scalar");
    const isFloat = X.element.kind === "float";
    const values = isFloat ? a.imputed_value_floats : a.imputed_value_int64s;
    if (!values || values.length === 0) return view.invalid("it has no values to impute");
    const marker = isFloat ? a.replaced_value_float : a.replaced_value_int64;
    const imputed = columnNumbers(view, "imputed values", values, columns, X.element);
    return [
      t.elementwise([X, imputed], X.element, (s, x, value) => {
        const isMissing = Number.isNaN(marker) ? s.isNan(x!) : s.compare("eq", x!, s.constant(marker, x!.type));
        return s.select(isMissing, value!, x!);
      }),
    ];
  }),
  lowering(onnxMl.FeatureVectorizer, (view) => {
    const { t } = view;
    const { X } = view.inputs;
    const widths = view.attributes.inputdimensions ?? X.map((x) => x.shape[1] ?? 1);
    if (widths.length !== X.length)
      view.invalid(`inputdimensions has ${widths.length} entries for ${X.length} operands`);
    const parts = X.map((x, index) => {
      if (x.rank > 2) view.invalid(`an operand has rank ${x.rank}`);
      const rows = t.cast(t.reshape(x, x.rank === 2 ? x.shape : [x.shape[0] ?? 1, 1]), f32);
      const [count, width] = [rows.shape[1]!, widths[index]!];
      if (width < 0) view.invalid("inputdimensions has a negative entry");
      if (width <= count) return t.slice(rows, [0, 0], [rows.shape[0]!, width]);
      return t.pad(rows, [0, 0], [0, width - count], t.scalars.constant(0, f32));
    });
    if (new Set(parts.map(({ shape }) => shape[0])).size > 1)
      view.invalid("its operands have different numbers of rows");
    return [t.concat(parts, 1)];
  }),
  lowering(onnxMl.ArrayFeatureExtractor, (view) => {
    const { t } = view;
    const { X, Y } = view.inputs;
    const size = X.shape.at(-1) ?? view.invalid("its operand is a scalar");
    if (!isInBounds(Y, size)) view.invalid(`an index is out of range for ${size} columns`);
    const columns = t.reshape(Y, [Y.size]);
    const shape = [...(X.rank === 1 ? [1] : X.shape.slice(0, -1)), Y.size];
    return [
      t.generic({
        inputs: [{ tensor: columns, map: projectionMap(shape.length, [shape.length - 1]) }],
        outputs: [{ tensor: t.emptyOutput(shape, X.element), map: identityMap(shape.length) }],
        iterators: shape.map(() => "parallel"),
        body: (s, [column]) => {
          const outer = X.rank === 1 ? [] : X.shape.slice(0, -1).map((_, axis) => s.loopIndex(axis));
          return [s.load(X, [...outer, positionOf(s, column!, size)])];
        },
      })[0]!,
    ];
  }),
  lowering(onnxMl.OneHotEncoder, (view) => {
    const { t, attributes } = view;
    const { X } = view.inputs;
    const { cats_int64s, cats_strings, zeros } = attributes;
    const isText = X.element === stringType;
    const categories = isText ? cats_strings : cats_int64s;
    if (!categories || categories.length === 0) return view.invalid("it has no categories of its operand's type");
    if (zeros === 0) view.unsupported("it would have to fail at run time on elements without a category");
    // Strings are numbered by category first, which needs them to be known.
    const codes = isText
      ? t.numbers(
          (view.known(X, "X").data as readonly string[]).map((text) => categories.indexOf(text as never)),
          i64,
          X.shape,
        )
      : X;
    const table = isText ? categories.map((_, index) => index) : (categories as readonly bigint[]);
    const shape = [...X.shape, table.length];
    const outer = X.shape.map((_, axis) => axis);
    return t.generic({
      inputs: [
        { tensor: codes, map: projectionMap(shape.length, outer) },
        { tensor: t.numbers(table, i64), map: projectionMap(shape.length, [X.rank]) },
      ],
      outputs: [{ tensor: t.emptyOutput(shape, f32), map: identityMap(shape.length) }],
      iterators: shape.map(() => "parallel"),
      body: (s, [code, category]) => [s.cast(s.compare("eq", s.cast(code!, i64), category!), f32)],
    });
  }),
];
