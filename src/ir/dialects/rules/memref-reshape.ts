import type { Diagnostic } from "../../../support/diagnostic.ts";
import { isDynamic } from "../../index-list.ts";
import type { Operation } from "../../module.ts";
import { hasIdentityLayout, rowMajorStridesOf, stridesOfMemRef } from "../../strides.ts";
import { type Dimension, memRefType, type MemRefType, type Type } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import { resultType } from "./operation-view.ts";
import { type Expansion, type Reshape, verifyOutputShape } from "./shapes.ts";

const ranked = (type: Type): MemRefType => type as MemRefType;

/** Groups are contiguous and in order; each has as many elements as the dimension that it is merged into. */
function* verifyGroups(
  op: Operation,
  groups: readonly (readonly number[])[],
  expanded: readonly Dimension[],
  collapsed: readonly Dimension[],
): Generator<Diagnostic> {
  if (collapsed.length === 0) {
    if (expanded.some((size) => size !== 1))
      yield broken(op, "rank 0 memrefs can only be extended/collapsed with/from ones");
    return;
  }
  if (groups.length !== collapsed.length)
    return yield broken(
      op,
      `invalid number of reassociation groups: found ${groups.length}, expected ${collapsed.length}`,
    );
  let next = 0;
  for (const [index, group] of groups.entries()) {
    if (group.some((position) => position !== next++))
      return yield broken(op, "reassociation indices must be contiguous");
    if (next > expanded.length) return yield broken(op, "reassociation index out of bounds");
    const sizes = group.map((position) => expanded[position]!);
    const target = collapsed[index]!;
    if (sizes.includes("?") !== (target === "?"))
      return yield broken(op, `collapsed dim (${index}) must be dynamic if and only if reassociation group is dynamic`);
    const product = sizes.reduce<number>((value, size) => value * Number(size), 1);
    if (target !== "?" && product !== target)
      return yield broken(op, `collapsed dim size (${target}) must equal reassociation group size (${product})`);
  }
}

/** Strides of dimensions that others were split into. */
function expandedType(source: MemRefType, shape: readonly Dimension[], groups: readonly (readonly number[])[]): Type {
  const layout = stridesOfMemRef(source);
  if (hasIdentityLayout(source) || layout === undefined)
    return memRefType(shape, source.element, undefined, source.memorySpace);
  const strides = groups.flatMap((group, index) => {
    const inner = rowMajorStridesOf(group.map((position) => shape[position]!));
    const outer = layout.strides[index]!;
    return inner.map((stride): Dimension => (stride === "?" || outer === "?" ? "?" : stride * outer));
  });
  const tail = Array.from({ length: shape.length - strides.length }, (): Dimension => 1);
  return memRefType(
    shape,
    source.element,
    { kind: "strided", strides: [...strides, ...tail], offset: layout.offset },
    source.memorySpace,
  );
}

/** Strides of dimensions merged into one; undefined where they do not lie one after another. */
function collapsedType(
  source: MemRefType,
  shape: readonly Dimension[],
  groups: readonly (readonly number[])[],
): Type | undefined {
  if (hasIdentityLayout(source)) return memRefType(shape, source.element, undefined, source.memorySpace);
  const layout = stridesOfMemRef(source);
  if (layout === undefined) return undefined;
  const { shape: sizes } = source;
  const strides: Dimension[] = [];
  for (const group of groups) {
    // Dimensions of size 1 have strides that nothing depends on.
    let last = group.length - 1;
    while (last > 0 && sizes[group[last]!] === 1) last--;
    const inner = group[last]!;
    // A size that is not known may be 1.
    const stride = sizes[inner] === "?" && last > 0 ? "?" : layout.strides[inner]!;
    strides.push(stride);
    let expected = stride;
    for (const position of group.slice(1).reverse()) {
      const size = sizes[position]!;
      expected = expected === "?" || size === "?" ? "?" : expected * size;
      const found = layout.strides[position - 1]!;
      if (sizes[position - 1] !== 1 && expected !== "?" && found !== "?" && expected !== found) return undefined;
    }
  }
  return memRefType(shape, source.element, { kind: "strided", strides, offset: layout.offset }, source.memorySpace);
}

export function* verifyExpandShape(view: Expansion): Generator<Diagnostic> {
  const { op, attributes } = view;
  const source = ranked(view.types.src);
  const result = ranked(resultType(view));
  const rank = result.shape.length;
  if (rank < source.shape.length)
    return yield broken(op, `has source rank ${source.shape.length} and result rank ${rank}. This is not an expansion`);
  const groups = [...verifyGroups(op, attributes.reassociation, result.shape, source.shape)];
  if (groups.length > 0) return yield* groups;
  const expected = expandedType(source, result.shape, attributes.reassociation);
  if (expected !== result)
    return yield broken(op, `expected expanded type to be '${expected.text}' but found '${result.text}'`);
  const sizes = [...verifyOutputShape(view, rank, "bounds")];
  if (sizes.length > 0) return yield* sizes;
  const wrong = attributes.static_output_shape.findIndex(
    (size, index) => !isDynamic(size) && size !== result.shape[index],
  );
  if (wrong >= 0) yield broken(op, `invalid output shape provided at pos ${wrong}`);
}

export function* verifyCollapseShape(view: Reshape): Generator<Diagnostic> {
  const { op, attributes } = view;
  const source = ranked(view.types.src);
  const result = ranked(resultType(view));
  const [from, to] = [source.shape.length, result.shape.length];
  if (from < to) return yield broken(op, `has source rank ${from} and result rank ${to}. This is not a collapse`);
  const groups = [...verifyGroups(op, attributes.reassociation, source.shape, result.shape)];
  if (groups.length > 0) return yield* groups;
  const expected = collapsedType(source, result.shape, attributes.reassociation);
  if (expected === undefined) yield broken(op, "invalid source layout map or collapsing non-contiguous dims");
  else if (expected !== result)
    yield broken(op, `expected collapsed type to be '${expected.text}' but found '${result.text}'`);
}
