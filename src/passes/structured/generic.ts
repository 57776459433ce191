import { type AffineMap, projectedDimensions } from "../../ir/affine.ts";
import { attributesKey } from "../../ir/analysis/attribute-key.ts";
import { iterationSpace } from "../../ir/analysis/iteration-space.ts";
import type { Attributes } from "../../ir/attributes.ts";
import { arith, linalg } from "../../ir/dialects/index.ts";
import type { IteratorType } from "../../ir/dialects/linalg.ts";
import { type BlockId, bodyOf, type IrReader, type Operation, type ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { elementOf, isShaped, staticShape, type Type } from "../../ir/types.ts";
import type { Location } from "../../support/location.ts";

/** An operand of a structured operation with the map by which the loops index it. */
export interface IndexedOperand {
  readonly value: ValueId;
  readonly map: AffineMap;
}

/** A `linalg.generic` on tensors of static shape, taken apart. */
export interface StructuredOp {
  readonly op: Operation;
  readonly bounds: readonly number[];
  readonly iterators: readonly IteratorType[];
  readonly inputs: readonly IndexedOperand[];
  readonly outputs: readonly IndexedOperand[];
  readonly body: BlockId;
  /** The body's arguments: one for each input, then one for each output. */
  readonly arguments: readonly ValueId[];
  /** What the body yields, one for each output. */
  readonly yielded: readonly ValueId[];
}

/** Reads a generic on tensors; undefined for other operations, buffers, and shapes or loops whose size is not known. */
export function readStructured(reader: IrReader, op: Operation | undefined): StructuredOp | undefined {
  const view = linalg.generic.match(reader, op);
  if (!view || view.results.results.length !== view.operands.outputs.length) return undefined;
  const body = view.regions.region[0];
  if (body === undefined) return undefined;
  const maps = view.attributes.indexing_maps;
  const known = view.op.operands.every((operand, index) => {
    const type = reader.typeOf(operand);
    return isShaped(type) ? staticShape(type) !== undefined : maps[index]!.results.length === 0;
  });
  if (!known || !boundsAllLoops(view.attributes.iterator_types.length, maps)) return undefined;
  const { bounds, iterators, inputs, outputs } = iterationSpace(reader, view.op);
  const yielded = reader.operation(reader.block(body).operations.at(-1)!).operands;
  return { op: view.op, bounds, iterators, inputs, outputs, body, arguments: reader.block(body).arguments, yielded };
}

/** Whether every loop has an operand that tells how far it runs: one indexed by that loop alone. */
export function boundsAllLoops(loops: number, maps: readonly AffineMap[]): boolean {
  const bound = new Set<number>();
  for (const map of maps) for (const result of map.results) if (result.kind === "dimension") bound.add(result.position);
  return bound.size === loops;
}

/** Whether all loops are parallel. */
export const isParallel = (structured: StructuredOp): boolean =>
  structured.iterators.every((iterator) => iterator === "parallel");

/** Whether the map is a permutation of its dimensions. */
export function isPermutation(map: AffineMap): boolean {
  const positions = projectedDimensions(map);
  return positions !== undefined && positions.length === map.dimensions && new Set(positions).size === map.dimensions;
}

/** Whether each result is computed at each point from inputs alone: parallel loops, results written in some order of all loops. */
export const isElementwise = (reader: IrReader, structured: StructuredOp): boolean =>
  isParallel(structured) &&
  structured.outputs.every(({ map }) => isPermutation(map)) &&
  structured.arguments.slice(structured.inputs.length).every((argument) => reader.uses(argument).length === 0);

/** The operations of a body without its terminator. */
export const bodyOperations = (reader: IrReader, op: Operation): readonly Operation[] =>
  bodyOf(reader, op).slice(0, -1);

/** What a new generic is made of. */
export interface GenericSpec {
  readonly inputs: readonly IndexedOperand[];
  readonly outputs: readonly IndexedOperand[];
  readonly iterators: readonly IteratorType[];
  readonly attributes?: Attributes;
  readonly location?: Location;
  /** Builds the body from the elements of inputs and outputs and returns what it yields. */
  readonly body: (inputs: readonly ValueId[], outputs: readonly ValueId[]) => readonly ValueId[];
}

/** Makes a generic at the insertion point. Inputs that are the same value read by the same map become one. */
export function buildGeneric(rewriter: Rewriter, spec: GenericSpec): Operation {
  const distinct: IndexedOperand[] = [];
  const slots = spec.inputs.map((input) => {
    const known = distinct.findIndex((other) => other.value === input.value && other.map.text === input.map.text);
    return known >= 0 ? known : distinct.push(input) - 1;
  });
  const operands = [...distinct, ...spec.outputs];
  const { op } = linalg.generic.build(
    rewriter,
    { inputs: distinct.map(({ value }) => value), outputs: spec.outputs.map(({ value }) => value) },
    { indexing_maps: operands.map(({ map }) => map), iterator_types: spec.iterators },
    {
      ...(spec.attributes ? { extra: spec.attributes } : {}),
      ...(spec.location ? { location: spec.location } : {}),
      regions: {
        region: [
          {
            arguments: operands.map(({ value }): Type => elementOf(rewriter.typeOf(value))),
            body: (_, values) => {
              const inputs = slots.map((slot) => values[slot]!);
              const yielded = spec.body(inputs, values.slice(distinct.length));
              linalg.yield.build(rewriter, { values: yielded }, {});
            },
          },
        ],
      },
    },
  );
  return rewriter.operation(op.id);
}

/** Copies bodies of structured operations into one, each computation once. */
export class BodyCloner {
  readonly #rewriter: Rewriter;
  readonly #known = new Map<string, readonly ValueId[]>();
  /** Operations copied so far. */
  operations = 0;

  constructor(rewriter: Rewriter) {
    this.#rewriter = rewriter;
  }

  /** Copies a body but for its terminator. `mapping` maps its arguments; `loopIndex` gives what `linalg.index d` stands for. */
  clone(op: Operation, mapping: Map<ValueId, ValueId>, loopIndex: (loop: number) => ValueId): readonly ValueId[] {
    const rewriter = this.#rewriter;
    for (const inner of bodyOperations(rewriter, op)) {
      const index = linalg.index.match(rewriter, inner);
      if (index) {
        mapping.set(index.results.result, loopIndex(index.attributes.dim));
        continue;
      }
      const operands = inner.operands.map((operand) => mapping.get(operand) ?? operand);
      const key = bodyKey(rewriter, inner, operands);
      const known = key === undefined ? undefined : this.#known.get(key);
      if (known) {
        inner.results.forEach((result, position) => mapping.set(result, known[position]!));
        continue;
      }
      const copy = rewriter.clone(inner, mapping);
      this.operations++;
      if (key !== undefined) this.#known.set(key, copy.results);
    }
    const yielded = bodyOf(rewriter, op).at(-1)!.operands;
    return yielded.map((value) => mapping.get(value) ?? value);
  }

  /** The position along a loop of the operation that is being built. */
  index(loop: number): ValueId {
    const key = `linalg.index ${loop}`;
    const known = this.#known.get(key);
    if (known) return known[0]!;
    const { result } = linalg.index.build(this.#rewriter, {}, { dim: loop });
    this.#known.set(key, [result]);
    return result;
  }
}

/** What tells computations of a body apart; undefined for operations with regions, which are always copied. */
function bodyKey(reader: IrReader, op: Operation, operands: readonly ValueId[]): string | undefined {
  if (op.regions.length > 0) return undefined;
  const types = op.results.map((result) => reader.typeOf(result).text).join();
  return `${op.name}(${operands.join()})${attributesKey(op.properties)}${attributesKey(op.attributes)}${types}`;
}

/** Operations that cost no more than an addition, or less. */
const cheapOperations: ReadonlySet<string> = new Set([
  "arith.addf",
  "arith.subf",
  "arith.mulf",
  "arith.negf",
  "arith.maximumf",
  "arith.minimumf",
  "arith.maxnumf",
  "arith.minnumf",
  "arith.addi",
  "arith.subi",
  "arith.muli",
  "arith.andi",
  "arith.ori",
  "arith.xori",
  "arith.maxsi",
  "arith.maxui",
  "arith.minsi",
  "arith.minui",
  "arith.cmpi",
  "arith.cmpf",
  "arith.select",
  "arith.extsi",
  "arith.extui",
  "arith.extf",
  "arith.trunci",
  "arith.truncf",
  "arith.sitofp",
  "arith.uitofp",
  "arith.index_cast",
  "arith.index_castui",
  "arith.bitcast",
  "math.absf",
  "math.absi",
]);
/** Operations of a body that cost nothing. */
const freeOperations: ReadonlySet<string> = new Set([arith.constant.name, linalg.index.name]);

/** The number of operations of a body that do work, or infinity when one of them is expensive (a division, a function, a loop). */
export function bodyCost(reader: IrReader, op: Operation): number {
  let cost = 0;
  for (const inner of bodyOperations(reader, op)) {
    if (freeOperations.has(inner.name)) continue;
    cost += cheapOperations.has(inner.name) ? 1 : Infinity;
  }
  return cost;
}
/** The number of operations of a body that do work, whatever they cost. */
export const bodySize = (reader: IrReader, op: Operation): number =>
  bodyOperations(reader, op).filter((inner) => !freeOperations.has(inner.name)).length;
