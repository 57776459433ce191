import type { Builder } from "../../ir/builder.ts";
import type { ValueId } from "../../ir/module.ts";
import { staticSizes } from "../../ir/analysis/memref-layout.ts";
import { integerAttribute } from "../../ir/attributes.ts";
import { arith } from "../../ir/dialects/arith.ts";
import { linalg } from "../../ir/dialects/linalg.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { scf } from "../../ir/dialects/scf.ts";
import { indexType, type MemRefType } from "../../ir/types.ts";
import { staticSubview } from "./buffer-views.ts";

/** An index constant. */
export const indexConstant = (builder: Builder, value: number): ValueId =>
  arith.constant.build(builder, {}, { value: integerAttribute(value, indexType) }, { resultTypes: [indexType] }).result;

/** Copies all elements. */
export const copyBuffer = (builder: Builder, source: ValueId, target: ValueId): void => {
  if (source !== target) memref.copy.build(builder, { source, target }, {});
};

/** Writes one value everywhere. */
export function fillBuffer(builder: Builder, value: ValueId, target: ValueId): void {
  const scalar = builder.typeOf(value);
  linalg.fill.build(
    builder,
    { inputs: [value], outputs: [target] },
    {},
    {
      regions: {
        region: [
          {
            arguments: [scalar, (builder.typeOf(target) as MemRefType).element],
            body: (inner, [filler]) => void linalg.yield.build(inner, { values: [filler!] }, {}),
          },
        ],
      },
    },
  );
}

/** Loops over every index of a shape. */
export function loopsOver(
  builder: Builder,
  shape: readonly number[],
  body: (builder: Builder, indices: readonly ValueId[]) => void,
  indices: readonly ValueId[] = [],
): void {
  const size = shape[indices.length];
  if (size === undefined) return body(builder, indices);
  const [lowerBound, upperBound, step] = [0, size, 1].map((value) => indexConstant(builder, value));
  scf.for.build(
    builder,
    { lowerBound: lowerBound!, upperBound: upperBound!, step: step! },
    {},
    {
      regions: {
        region: [
          {
            arguments: [indexType],
            body: (inner, [index]) => {
              loopsOver(inner, shape, body, [...indices, index!]);
              scf.yield.build(inner, {}, {});
            },
          },
        ],
      },
    },
  );
}

/** The windows of a padded buffer that its source does not cover: before and after it along each dimension, without overlap. */
function borders(
  source: readonly number[],
  low: readonly number[],
  target: readonly number[],
): readonly { readonly offsets: readonly number[]; readonly sizes: readonly number[] }[] {
  const windows: { readonly offsets: readonly number[]; readonly sizes: readonly number[] }[] = [];
  target.forEach((size, dimension) => {
    // Earlier dimensions are limited to the source's range: what lies outside it is already covered.
    const offsets = target.map((_, position) => (position < dimension ? low[position]! : 0));
    const sizes = target.map((whole, position) => (position < dimension ? source[position]! : whole));
    const after = low[dimension]! + source[dimension]!;
    windows.push({ offsets, sizes: sizes.with(dimension, low[dimension]!) });
    windows.push({ offsets: offsets.with(dimension, after), sizes: sizes.with(dimension, size - after) });
  });
  return windows.filter((window) => !window.sizes.includes(0));
}

/** Copies a source into the middle of a target, unless it is there already, and fills the rest. */
export function padBuffer(
  builder: Builder,
  source: ValueId,
  target: ValueId,
  low: readonly number[],
  filler: ValueId,
  isThere: boolean,
): void {
  const inner = staticSizes(builder.typeOf(source) as MemRefType);
  const outer = staticSizes(builder.typeOf(target) as MemRefType);
  for (const { offsets, sizes } of borders(inner, low, outer))
    fillBuffer(builder, filler, staticSubview(builder, target, offsets, sizes));
  if (!isThere && !inner.includes(0)) copyBuffer(builder, source, staticSubview(builder, target, low, inner));
}
