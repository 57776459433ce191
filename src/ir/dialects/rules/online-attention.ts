import type { Diagnostic } from "../../../support/diagnostic.ts";
import { type AffineMap, dimensionsOf, projectedDimensions } from "../../affine.ts";
import { affineMaps } from "../../attribute-codecs.ts";
import { attributeOf, type IrReader, type Operation, type Region, type ValueId } from "../../module.ts";
import { indexType, isShaped, staticShape, type Type } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import type { OperationView } from "./operation-view.ts";

/** An operand of attention with the map by which the loops index it. */
interface AttentionOperand {
  readonly value: ValueId;
  readonly map: AffineMap;
}

/** `weft.online_attention` taken apart. Its loops are the rows, then t (keys), d (channels of queries and keys), e (channels of values). */
export interface AttentionShape {
  /** How far the loops run along which results lie, but for the channels of values. */
  readonly rows: readonly number[];
  readonly keys: number;
  readonly channels: number;
  readonly width: number;
  readonly query: AttentionOperand;
  readonly key: AttentionOperand;
  readonly value: AttentionOperand;
  /** What the body reads beside the score. */
  readonly extras: readonly AttentionOperand[];
  readonly output: AttentionOperand;
  /** Whether a row all of whose scores are -∞ gives zeros, not NaN. */
  readonly zeroIfMasked: boolean;
}

/** Loops of attention that are no rows. */
const innerLoops = 3;

/** Reads an attention operation that verifies. */
export function attentionShape(reader: IrReader, op: Operation): AttentionShape {
  const maps = mapsOf(op)!;
  const bounds = boundsOf(reader, op, maps) as readonly number[];
  const operand = (index: number): AttentionOperand => ({ value: op.operands[index]!, map: maps[index]! });
  const count = bounds.length - innerLoops;
  const last = op.operands.length - 1;
  return {
    rows: bounds.slice(0, count),
    keys: bounds[count]!,
    channels: bounds[count + 1]!,
    width: bounds[count + 2]!,
    query: operand(0),
    key: operand(1),
    value: operand(2),
    extras: op.operands.slice(3, last).map((_, index) => operand(index + 3)),
    output: operand(last),
    zeroIfMasked: attributeOf(op, "zero_if_masked") !== undefined,
  };
}

function mapsOf(op: Operation): readonly AffineMap[] | undefined {
  const written = attributeOf(op, "indexing_maps");
  return written && affineMaps.codec.decode(written);
}

/** How far each loop runs: the size of a dimension that it indexes alone. */
function boundsOf(reader: IrReader, op: Operation, maps: readonly AffineMap[]): readonly (number | undefined)[] {
  const bounds: (number | undefined)[] = Array.from({ length: maps[0]?.dimensions ?? 0 }, () => undefined);
  maps.forEach((map, index) => {
    const type = reader.typeOf(op.operands[index]!);
    const shape = isShaped(type) ? staticShape(type) : undefined;
    map.results.forEach((result, axis) => {
      if (result.kind === "dimension") bounds[result.position] ??= shape?.[axis];
    });
  });
  return bounds;
}

/** The loops beside the rows that an operand may be indexed by, by its name; rows are allowed everywhere. */
const allowed = { query: "d", key: "td", value: "te", extra: "t", output: "e" } as const;
const nameOf = (index: number, count: number): keyof typeof allowed =>
  index === count - 1 ? "output" : ((["query", "key", "value"] as const)[index] ?? "extra");

export function* verifyOnlineAttention(
  view: OperationView & {
    readonly operands: { readonly inputs: readonly ValueId[]; readonly outputs: readonly ValueId[] };
    readonly results: { readonly results: readonly ValueId[] };
    readonly regions: { readonly body: Region };
  },
): Generator<Diagnostic> {
  const { op, reader, operands, results } = view;
  const count = op.operands.length;
  if (operands.inputs.length < 3 || operands.outputs.length !== 1)
    return yield broken(op, "expects queries, keys and values as inputs, and one output");
  const types = op.operands.map((operand) => reader.typeOf(operand));
  if (!types.every(isShaped) || new Set(types.map(({ kind }) => kind)).size !== 1)
    return yield broken(op, "expects tensors alone, or buffers alone");
  const result = results.results.map((value) => reader.typeOf(value).text).join();
  if (result !== (types.at(-1)!.kind === "tensor" ? types.at(-1)!.text : ""))
    return yield broken(op, "expects a result for an output that is a tensor, of its type");
  const maps = mapsOf(op);
  if (maps?.length !== count) return yield broken(op, `expects ${count} indexing maps, one for each operand`);
  const loops = maps[0]!.dimensions;
  const problem = mapsProblem(maps, types, loops) ?? rangesProblem(maps, types, boundsOf(reader, op, maps));
  if (problem !== undefined) return yield broken(op, problem);
  yield* verifyBody(view, types, loops);
}

function mapsProblem(maps: readonly AffineMap[], types: readonly Type[], loops: number): string | undefined {
  if (loops < innerLoops) return `expects ${innerLoops} loops beside the rows, found ${loops} in all`;
  const names = ["t", "d", "e"];
  for (const [index, map] of maps.entries()) {
    const name = nameOf(index, maps.length);
    const type = types[index]!;
    if (map.dimensions !== loops || map.symbols > 0) return `indexing map #${index} is not over the ${loops} loops`;
    if (!isShaped(type) || map.results.length !== type.shape.length)
      return `indexing map #${index} does not fit '${type.text}'`;
    for (const result of map.results)
      for (const loop of dimensionsOf(result)) {
        const inner = names[loop - loops + innerLoops];
        if (inner !== undefined && !allowed[name].includes(inner)) return `the ${name} cannot be indexed by ${inner}`;
      }
  }
  const written = projectedDimensions(maps.at(-1)!);
  const needed = Array.from({ length: loops }, (_, loop) => loop).filter(
    (loop) => loop < loops - innerLoops || loop === loops - 1,
  );
  const isWhole = written?.length === needed.length && needed.every((loop) => written.includes(loop));
  return isWhole ? undefined : "the output is not indexed by the rows and e, each once";
}

function rangesProblem(
  maps: readonly AffineMap[],
  types: readonly Type[],
  bounds: readonly (number | undefined)[],
): string | undefined {
  const open = bounds.indexOf(undefined);
  if (open >= 0) return `no operand of known size bounds loop d${open}`;
  for (const [index, map] of maps.entries()) {
    const type = types[index]!;
    const shape = isShaped(type) ? type.shape : [];
    for (const [axis, result] of map.results.entries()) {
      if (result.kind === "dimension" && shape[axis] !== bounds[result.position])
        return `dimension ${axis} of operand #${index} is ${shape[axis]}, but its loop runs to ${bounds[result.position]}`;
      if (result.kind === "constant" && (result.value < 0 || result.value >= Number(shape[axis])))
        return `operand #${index} is read outside dimension ${axis}`;
      if (result.kind !== "dimension" && result.kind !== "constant")
        return `indexing map #${index} is more than a choice of loops`;
    }
  }
  return undefined;
}

function* verifyBody(
  { op, reader, regions }: OperationView & { readonly regions: { readonly body: Region } },
  types: readonly Type[],
  loops: number,
): Generator<Diagnostic> {
  const elements = types.map((type) => (isShaped(type) ? type.element : type));
  const score = elements[0]!;
  if (score.kind !== "float" || [1, 2, elements.length - 1].some((index) => elements[index] !== score))
    return yield broken(op, "expects queries, keys, values and output of one floating-point type");
  const [block] = regions.body;
  const expected = [score, ...elements.slice(3, -1), ...Array.from({ length: loops - 2 }, () => indexType)];
  const found = block === undefined ? [] : reader.block(block).arguments.map((argument) => reader.typeOf(argument));
  const list = (all: readonly Type[]): string => all.map(({ text }) => text).join(", ");
  if (list(found) !== list(expected))
    return yield broken(
      op,
      `expects a body of (${list(expected)}): a score, extra inputs, the place; found (${list(found)})`,
    );
  const last = reader.operation(reader.block(block!).operations.at(-1)!);
  const yielded = last.operands.map((operand) => reader.typeOf(operand));
  if (last.name !== "weft.yield" || list(yielded) !== score.text)
    yield broken(op, `expects its body to yield one ${score.text}`);
}
