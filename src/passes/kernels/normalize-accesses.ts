import {
  type AffineExpression,
  affine,
  affineMap,
  dimensionsOf,
  linearForm,
  substituteAffine,
} from "../../ir/affine.ts";
import { layoutOf, staticSizes, stridedType } from "../../ir/analysis/memref-layout.ts";
import { at } from "../../ir/builder.ts";
import { arith } from "../../ir/dialects/arith.ts";
import { func } from "../../ir/dialects/func.ts";
import { linalg } from "../../ir/dialects/linalg.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { weft } from "../../ir/dialects/weft.ts";
import { bodyOf, type Module, type Operation, type ValueId, walk } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { integerAttribute } from "../../ir/attributes.ts";
import { indexType, type MemRefType, memRefType } from "../../ir/types.ts";
import { pass } from "../pass.ts";
import { type Access, indexedLoops, isArgumentRead, type KernelGroup, readGroup, type Stage } from "./group.ts";
import { groupFills } from "./group-fills.ts";

/** One dimension of a buffer as an operand is seen: where along it the loops are, and how far apart its elements lie. */
interface Dimension {
  readonly index: AffineExpression;
  readonly stride: number;
}
/** An operand as a place in a plain buffer. Undefined dimensions stand for scalars, which have no place. */
interface Placed {
  readonly access: Access;
  readonly base: ValueId;
  readonly offset: number;
  readonly dimensions: readonly Dimension[];
}

const viewNames: ReadonlySet<string> = new Set([
  "memref.subview",
  "memref.cast",
  "memref.reinterpret_cast",
  "memref.expand_shape",
  "memref.collapse_shape",
]);

/** The buffer that a value is a view of: an argument, an allocation, a constant or a place in the arena. */
export function baseOf(rewriter: Rewriter, value: ValueId): ValueId {
  for (;;) {
    const op = rewriter.definition(value);
    if (!op || !viewNames.has(op.name)) return value;
    value = op.operands[0]!;
  }
}

/** Reads an operand as a place in a plain buffer; undefined when its strides or offset are not known. */
function placeOf(rewriter: Rewriter, access: Access): Placed | undefined {
  const type = rewriter.typeOf(access.value);
  if (type.kind !== "memref") return { access, base: access.value, offset: 0, dimensions: [] };
  const layout = layoutOf(type);
  const base = baseOf(rewriter, access.value);
  const plain = rewriter.typeOf(base) as MemRefType;
  if (!layout || plain.layout !== undefined || plain.element !== type.element) return undefined;
  if (layout.offset === "?" || layout.strides.includes("?")) return undefined;
  const dimensions = access.map.results.map((index, position) => ({
    index,
    stride: layout.strides[position] as number,
  }));
  return { access, base, offset: layout.offset, dimensions };
}

/** Loops renumbered: each old loop is a new one, or stands still. */
interface Renumbering {
  /** For each old loop, what it is in terms of the new ones. */
  readonly expressions: readonly AffineExpression[];
  readonly bounds: readonly number[];
  readonly iterators: KernelGroup["iterators"];
}

/** Whether an operand has loops `outer` and `inner` as neighbouring dimensions without a gap, or neither of them. */
function mergesIn({ dimensions }: Placed, outer: number, inner: number, size: number): boolean {
  const uses = dimensions.map(({ index }) => dimensionsOf(index)).map((loops) => loops.has(outer) || loops.has(inner));
  if (!uses.includes(true)) return true;
  const at = (loop: number) =>
    dimensions.findIndex(({ index }) => index.kind === "dimension" && index.position === loop);
  const [first, second] = [at(outer), at(inner)];
  if (first < 0 || second !== first + 1 || uses.filter(Boolean).length !== 2) return false;
  return dimensions[first]!.stride === dimensions[second]!.stride * size;
}

/**
 * Brings structured operations on buffers to a normal form: loops that run once are gone, neighbouring loops that walk through all
 * operands without gaps are one, fixed indices are part of a view's offset, operands that only gave sizes are dropped, and the fill
 * of a reduction's result is in one group with it. What later passes see of a 1x1 convolution is a matrix product.
 */
export const normalizeAccesses = pass({
  name: "normalize-accesses",
  summary: "merge and drop loops of structured operations, and see their buffers accordingly",
  anchors: ["builtin.module"],
  statistics: { normalized: "operations and groups rewritten" },
  run(module, _, context) {
    const rewriter = new Rewriter(module);
    context.count("normalized", normalizeModule(rewriter));
    return context.commit(rewriter);
  },
});

/** The pass as a function. */
export function normalized(module: Module): Module {
  const rewriter = new Rewriter(module);
  normalizeModule(rewriter);
  return rewriter.commit().module;
}

function normalizeModule(rewriter: Rewriter): number {
  let count = 0;
  for (const fn of bodyOf(rewriter, rewriter.operation(rewriter.root))) {
    if (!func.func.match(rewriter, fn) || fn.regions[0]!.length === 0) continue;
    groupFills(rewriter, fn);
    for (const op of Array.from(walk(rewriter, fn.id))) {
      if (!rewriter.exists(op.id) || insideGroup(rewriter, op)) continue;
      const group = readGroup(rewriter, op);
      if (group && normalizeGroup(rewriter, group)) count++;
    }
  }
  return count;
}

function insideGroup(rewriter: Rewriter, op: Operation): boolean {
  if (op.parent === undefined) return false;
  const holder = rewriter.operation(rewriter.block(op.parent).parent);
  return holder.name === "weft.kernel" || holder.name.startsWith("linalg.");
}

function normalizeGroup(rewriter: Rewriter, group: KernelGroup): boolean {
  if (group.bounds.includes(0) || group.stages[group.anchor]!.op.name === "linalg.fill") return false;
  const stages = group.stages.map((stage) => {
    const read = stage.inputs.map((_, position) => isArgumentRead(rewriter, stage, position));
    const keep = tellsBounds(group, stage, read) ? read : read.map(() => true);
    const placed = [...stage.inputs, ...stage.outputs].map((access) => placeOf(rewriter, access));
    return { stage, keep, placed };
  });
  if (stages.some(({ placed }) => placed.includes(undefined))) return false;
  const temporaries = temporariesOf(rewriter, group, stages as readonly StagePlaces[]);
  const own = group.op.name === "weft.kernel" ? bodyOf(rewriter, group.op) : [];
  if (own.some((op) => op.name === "memref.alloc" && !temporaries.has(op.results[0]!))) return false;
  const indexed = new Set(group.stages.flatMap((stage) => [...indexedLoops(rewriter, stage)]));
  const operands = stages.flatMap(({ placed, keep, stage }) =>
    (placed as readonly Placed[]).filter((_, position) => position >= stage.inputs.length || keep[position]),
  );
  const renumbering = renumber(group, operands, indexed);
  rewrite(rewriter, group, stages as readonly StagePlaces[], temporaries, renumbering);
  return true;
}

/** Whether the operands that are read tell how far each of a stage's loops runs; a pooling window's size is told by one that is not. */
function tellsBounds(group: KernelGroup, stage: Stage, read: readonly boolean[]): boolean {
  const told = new Set(
    [...stage.inputs.filter((_, position) => read[position]), ...stage.outputs].flatMap(({ map }) =>
      map.results.flatMap((result) => (result.kind === "dimension" ? [result.position] : [])),
    ),
  );
  return stage.loops.every((loop) => told.has(loop) || group.bounds[loop] === 1);
}

interface StagePlaces {
  readonly stage: Stage;
  readonly keep: readonly boolean[];
  readonly placed: readonly Placed[];
}

/** Decides which loops go and which become one. */
function renumber(group: KernelGroup, operands: readonly Placed[], indexed: ReadonlySet<number>): Renumbering {
  const still = affine.constant(0);
  const simplified = (gone: ReadonlySet<number>): readonly Placed[] =>
    operands.map((operand) => ({
      ...operand,
      dimensions: operand.dimensions
        .map(({ index, stride }) => ({
          index: substituteAffine(
            index,
            group.bounds.map((_, loop) => (gone.has(loop) ? still : affine.dimension(loop))),
          ),
          stride,
        }))
        .filter(({ index }) => index.kind !== "constant"),
    }));
  const units = new Set(group.bounds.flatMap((bound, loop) => (bound === 1 ? [loop] : [])));
  const places = simplified(units);
  // Chains of loops, outermost first, each to become one loop.
  const chains: number[][] = [];
  const bounds = group.bounds;
  group.bounds.forEach((_, loop) => {
    if (units.has(loop)) return;
    const last = chains.at(-1);
    const outer = last?.at(-1);
    const mergeable =
      outer !== undefined &&
      group.iterators[outer] === group.iterators[loop] &&
      !indexed.has(outer) &&
      !indexed.has(loop) &&
      places.every((place) => mergesIn(place, outer, loop, bounds[loop]!));
    if (mergeable) last!.push(loop);
    else chains.push([loop]);
  });
  const expressions: AffineExpression[] = group.bounds.map(() => still);
  chains.forEach((chain, made) => {
    // The last loop of a chain carries the merged loop; the others' dimensions are absorbed by it.
    chain.forEach((loop) => (expressions[loop] = loop === chain.at(-1) ? affine.dimension(made) : still));
  });
  return {
    expressions,
    bounds: chains.map((chain) => chain.reduce((product, loop) => product * bounds[loop]!, 1)),
    iterators: chains.map((chain) => group.iterators[chain[0]!]!),
  };
}

/** The greatest value of an index expression over loops of these bounds. */
function extent(index: AffineExpression, bounds: readonly number[]): number | undefined {
  const form = linearForm(index);
  if (!form) return undefined;
  let last = form.constant;
  for (const [loop, factor] of form.coefficients) {
    if (factor < 0) return undefined;
    last += factor * (bounds[loop]! - 1);
  }
  return last + 1;
}

/** Every use of a buffer, under any of its names, but for making those names. */
function usersOf(rewriter: Rewriter, buffer: ValueId): readonly Operation[] {
  const users: Operation[] = [];
  const names = [buffer];
  while (names.length > 0)
    for (const use of rewriter.uses(names.pop()!)) {
      const op = rewriter.operation(use.op);
      if (viewNames.has(op.name) && use.index === 0) names.push(op.results[0]!);
      else users.push(op);
    }
  return users;
}

/** Intermediate results: allocations that nothing outside the group touches, and that its stages see under one name. */
function temporariesOf(rewriter: Rewriter, group: KernelGroup, stages: readonly StagePlaces[]): ReadonlySet<ValueId> {
  const found = new Set<ValueId>();
  if (group.op.name !== "weft.kernel") return found;
  const members = new Set([group.op.id, ...group.stages.map(({ op }) => op.id)]);
  const places = stages.flatMap(({ placed }) => placed);
  for (const { stage, placed } of stages)
    for (const { base } of placed.slice(stage.inputs.length)) {
      if (rewriter.definition(base)?.name !== "memref.alloc") continue;
      const names = new Set(places.filter((place) => place.base === base).map(({ access }) => access.value));
      if (names.size === 1 && usersOf(rewriter, base).every((op) => members.has(op.id))) found.add(base);
    }
  return found;
}

class Views {
  readonly #rewriter: Rewriter;
  readonly #known = new Map<string, ValueId>();
  readonly #bounds: readonly number[];
  readonly #temporaries: ReadonlySet<ValueId>;
  /** Types of the group's own allocations, to be made inside it, by the views that stand for them until then. */
  readonly local = new Set<ValueId>();

  constructor(rewriter: Rewriter, bounds: readonly number[], temporaries: ReadonlySet<ValueId>) {
    this.#rewriter = rewriter;
    this.#bounds = bounds;
    this.#temporaries = temporaries;
  }

  /** The operand over the new loops: a view of its buffer with the fixed dimensions gone. */
  of({ access, base, offset, dimensions }: Placed, expressions: readonly AffineExpression[]): Access {
    const count = this.#bounds.length;
    if (this.#rewriter.typeOf(access.value).kind !== "memref")
      return { value: access.value, map: affineMap(count, []) };
    const moved = dimensions.map(({ index, stride }) => ({ index: substituteAffine(index, expressions), stride }));
    const kept = moved.filter(({ index }) => index.kind !== "constant");
    const sizes = kept.map(({ index }) => extent(index, this.#bounds));
    const fixed = moved.reduce(
      (sum, { index, stride }) => sum + (index.kind === "constant" ? index.value * stride : 0),
      offset,
    );
    const element = (this.#rewriter.typeOf(access.value) as MemRefType).element;
    // An index that is not linear, or runs backwards, is left as it is: over the dimensions there were.
    if (sizes.includes(undefined)) {
      const map = affineMap(
        count,
        moved.map(({ index }) => index),
      );
      return { value: access.value, map };
    }
    const map = affineMap(
      count,
      kept.map(({ index }) => index),
    );
    const type = stridedType(sizes as readonly number[], element, {
      strides: kept.map(({ stride }) => stride),
      offset: fixed,
    });
    const key = `${base} ${type.text}`;
    let value = this.#known.get(key);
    if (value === undefined) {
      const temporary = this.#temporaries.has(base);
      value = temporary ? this.#allocation(memRefType(type.shape, element)) : this.#view(base, type, fixed);
      this.#known.set(key, value);
    }
    return { value, map };
  }

  #allocation(type: MemRefType): ValueId {
    const made = memref.alloc.build(this.#rewriter, {}, { alignment: 64 }, { resultTypes: [type] }).memref;
    this.local.add(made);
    return made;
  }

  #view(base: ValueId, type: MemRefType, offset: number): ValueId {
    const plain = this.#rewriter.typeOf(base) as MemRefType;
    const layout = layoutOf(type)!;
    const own = layoutOf(plain)!;
    const sizes = staticSizes(type);
    const same =
      offset === 0 &&
      sizes.length === plain.shape.length &&
      sizes.every((size, at) => size === plain.shape[at] && layout.strides[at] === own.strides[at]);
    if (same) return base;
    return memref.reinterpret_cast.build(
      this.#rewriter,
      { source: base },
      { static_offsets: [offset], static_sizes: sizes, static_strides: layout.strides as readonly number[] },
      { resultTypes: [type] },
    ).result;
  }
}

function rewrite(
  rewriter: Rewriter,
  group: KernelGroup,
  stages: readonly StagePlaces[],
  temporaries: ReadonlySet<ValueId>,
  renumbering: Renumbering,
): void {
  const { expressions, bounds, iterators } = renumbering;
  rewriter.insertionPoint = { kind: "before", op: group.op.id };
  rewriter.location = group.op.location;
  const views = new Views(rewriter, bounds, temporaries);
  const accesses = stages.map(({ stage, keep, placed }) => {
    const all = placed.map((place) => views.of(place, expressions));
    const made = all.filter((_, position) => position >= stage.inputs.length || keep[position]);
    return made;
  });
  const inKernel = group.op.name === "weft.kernel";
  const build = (): void => {
    stages.forEach(({ stage, keep }, at) => {
      rewriter.location = stage.op.location;
      if (stage.op.name === "linalg.fill") {
        const copy = rewriter.clone(stage.op);
        rewriter.setOperands(
          copy.id,
          accesses[at]!.map(({ value }) => value),
        );
      } else rebuildGeneric(rewriter, stage, keep, accesses[at]!, renumbering, iterators, at === group.anchor);
    });
  };
  if (inKernel) {
    const touched = [...new Set(accesses.flat().map(({ value }) => value))].filter(
      (value) => rewriter.typeOf(value).kind === "memref" && !views.local.has(value),
    );
    const written = stages.flatMap(({ stage }, at) => accesses[at]!.slice(-stage.outputs.length));
    const outputs = touched.filter((value) => written.some((access) => access.value === value));
    weft.kernel.build(
      rewriter,
      { inputs: touched.filter((value) => !outputs.includes(value)), outputs },
      {},
      {
        resultTypes: [],
        extra: group.op.attributes,
        regions: {
          body: [
            {
              arguments: [],
              body: (_, __, block) => {
                for (const local of views.local) rewriter.moveToEnd(rewriter.definition(local)!, block);
                build();
                weft.yield.build(rewriter, {}, {});
              },
            },
          ],
        },
      },
    );
  } else build();
  rewriter.erase(group.op);
}

function rebuildGeneric(
  rewriter: Rewriter,
  stage: Stage,
  keep: readonly boolean[],
  accesses: readonly Access[],
  { expressions, bounds }: Renumbering,
  iterators: Renumbering["iterators"],
  isAnchor: boolean,
): void {
  // Followers run over the parallel loops alone.
  const loops = bounds.map((_, loop) => loop).filter((loop) => isAnchor || iterators[loop] === "parallel");
  const own = new Map(loops.map((loop, position) => [loop, position]));
  const toOwn = bounds.map((_, loop) => affine.dimension(own.get(loop) ?? 0));
  const maps = accesses.map(({ map }) =>
    affineMap(
      loops.length,
      map.results.map((result) => substituteAffine(result, toOwn)),
    ),
  );
  const inputs = accesses.length - stage.outputs.length;
  const block = rewriter.block(stage.op.regions[0]![0]!);
  const types = block.arguments.map((argument) => rewriter.typeOf(argument));
  const kept = types.map((_, position) => position >= stage.inputs.length || keep[position]!);
  linalg.generic.build(
    rewriter,
    {
      inputs: accesses.slice(0, inputs).map(({ value }) => value),
      outputs: accesses.slice(inputs).map(({ value }) => value),
    },
    { indexing_maps: maps, iterator_types: loops.map((loop) => iterators[loop]!) },
    {
      extra: stage.op.attributes,
      resultTypes: [],
      regions: {
        region: [
          {
            arguments: types.filter((_, position) => kept[position]),
            body: (_, values) => {
              const mapping = new Map<ValueId, ValueId>();
              let next = 0;
              block.arguments.forEach((argument, position) => {
                if (kept[position]) mapping.set(argument, values[next++]!);
              });
              for (const inner of bodyOf(rewriter, stage.op)) {
                const copy = rewriter.clone(inner, mapping);
                for (const op of Array.from(walk(rewriter, copy.id)))
                  renumberIndex(rewriter, op, stage, expressions, own, mapping, inner);
              }
            },
          },
        ],
      },
    },
  );
}

/** Makes a copied `linalg.index` ask for the new loop, or replaces it by zero when its loop is gone. */
function renumberIndex(
  rewriter: Rewriter,
  op: Operation,
  stage: Stage,
  expressions: readonly AffineExpression[],
  own: ReadonlyMap<number, number>,
  mapping: Map<ValueId, ValueId>,
  original: Operation,
): void {
  const position = linalg.index.match(rewriter, op);
  if (!position) return;
  const expression = expressions[stage.loops[position.attributes.dim]!]!;
  if (expression.kind === "dimension") {
    const dim = integerAttribute(own.get(expression.position)!);
    return rewriter.update(op.id, { properties: { ...op.properties, dim } });
  }
  const zero = at(rewriter, { kind: "before", op: op.id }, () =>
    arith.constant.build(rewriter, {}, { value: integerAttribute(0, indexType) }, { resultTypes: [indexType] }),
  );
  rewriter.replace(op, [zero.result]);
  if (original.name === "linalg.index") mapping.set(original.results[0]!, zero.result);
}
