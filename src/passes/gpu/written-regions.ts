import { type Attribute, dictionaryAttribute, i64ArrayAttribute, integerAttribute } from "../../ir/attributes.ts";
import { layoutOf, staticSizes } from "../../ir/analysis/memref-layout.ts";
import { structuredView } from "../../ir/dialects/linalg/structured-view.ts";
import { type Operation, type ValueId, walk } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import type { MemRefType } from "../../ir/types.ts";
import { baseOf } from "../kernels/placed-operands.ts";

/** Which elements of a buffer a kernel writes at most: `offset + Σ i·stride`, 0 ≤ i < size. */
export interface WrittenRegion {
  readonly offset: number;
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
}

/** The attribute of a kernel's argument that tells what is written of it; without it, anything may be. */
export const regionAttributeName = "weft.writes";

/** A region as an attribute. */
export const encodeRegion = ({ offset, sizes, strides }: WrittenRegion): Attribute =>
  dictionaryAttribute({
    offset: integerAttribute(offset),
    sizes: i64ArrayAttribute(sizes),
    strides: i64ArrayAttribute(strides),
  });

/** The region that an attribute stands for; undefined for any other attribute. */
export function decodeRegion(attribute: Attribute | undefined): WrittenRegion | undefined {
  if (attribute?.kind !== "dictionary") return undefined;
  const { offset, sizes, strides } = attribute.entries;
  if (offset?.kind !== "integer" || sizes?.kind !== "dense-array" || strides?.kind !== "dense-array") return undefined;
  return { offset: Number(offset.value), sizes: sizes.values.map(Number), strides: strides.values.map(Number) };
}

/**
 * The regions that operations write of buffers, for those that structured operations write through one view of known place.
 * Nothing is said of buffers that are written as a whole.
 */
export function writtenRegions(rewriter: Rewriter, ops: readonly Operation[]): ReadonlyMap<ValueId, WrittenRegion> {
  const views = new Map<ValueId, ValueId | undefined>();
  const note = (value: ValueId, isKnown: boolean): void => {
    const base = baseOf(rewriter, value);
    views.set(base, isKnown && (!views.has(base) || views.get(base) === value) ? value : undefined);
  };
  for (const root of ops)
    for (const op of walk(rewriter, root.id)) {
      const isGroup = op.name === "weft.kernel";
      if (op.name === "linalg.fill") note(op.operands[1]!, true);
      else if (op.name.startsWith("linalg.") && op.regions.length > 0)
        for (const output of structuredView(rewriter, op)?.outputs ?? op.operands) note(output, true);
      else if (!isGroup)
        for (const operand of op.operands)
          if (rewriter.typeOf(operand).kind === "memref" && op.name !== "memref.load") note(operand, false);
    }
  const regions = new Map<ValueId, WrittenRegion>();
  for (const [base, view] of views) {
    if (view === undefined) continue;
    const type = rewriter.typeOf(view) as MemRefType;
    const layout = layoutOf(type);
    if (type.layout === undefined) continue;
    if (!layout || layout.offset === "?" || layout.strides.includes("?")) continue;
    regions.set(base, {
      offset: layout.offset,
      sizes: staticSizes(type),
      strides: layout.strides as readonly number[],
    });
  }
  return regions;
}

/** Regions with more elements than this are not looked at one by one. */
const mostEnumerated = 1 << 18;

/** Whether two regions of one buffer may have an element in common. */
export function regionsMeet(left: WrittenRegion, right: WrittenRegion): boolean {
  const [small, large] = countOf(left) <= countOf(right) ? [left, right] : [right, left];
  if (countOf(small) === 0) return false;
  if (countOf(small) > mostEnumerated) return true;
  const contains = membershipOf(large);
  return contains === undefined || someElement(small, contains);
}

const countOf = ({ sizes }: WrittenRegion): number => sizes.reduce((product, size) => product * size, 1);

/** A test for a region's elements; undefined where dimensions overlap one another. */
function membershipOf({ offset, sizes, strides }: WrittenRegion): ((element: number) => boolean) | undefined {
  const digits = sizes
    .map((size, dimension) => ({ size, stride: strides[dimension]! }))
    .filter(({ size }) => size !== 1)
    .toSorted((left, right) => right.stride - left.stride);
  let spanned = 1;
  for (const { size, stride } of digits.toReversed()) {
    if (stride < spanned) return undefined;
    spanned += stride * (size - 1);
  }
  return (element) => {
    let rest = element - offset;
    if (rest < 0) return false;
    for (const { size, stride } of digits) {
      const digit = Math.floor(rest / stride);
      if (digit >= size) return false;
      rest -= digit * stride;
    }
    return rest === 0;
  };
}

/** Whether the test holds for some element of a region. */
function someElement({ offset, sizes, strides }: WrittenRegion, test: (element: number) => boolean): boolean {
  const visit = (dimension: number, element: number): boolean => {
    if (dimension === sizes.length) return test(element);
    for (let index = 0; index < sizes[dimension]!; index++)
      if (visit(dimension + 1, element + index * strides[dimension]!)) return true;
    return false;
  };
  return visit(0, offset);
}
