import { type CombiningKind, vector } from "../../ir/dialects/vector.ts";
import { dynamicEntry } from "../../ir/index-list.ts";
import type { Operation, ValueId } from "../../ir/module.ts";
import type { VectorType } from "../../ir/types.ts";
import { combination } from "../rules/vector.ts";
import { integersOf } from "../slices.ts";
import { vectorElement } from "../vector-elements.ts";
import {
  type EmittedBuffer,
  type EmittedScalar,
  type Emitter,
  type OperationEmitter,
  elementStorage,
  laneCode,
} from "./emitter.ts";
import { emitLanes, laneInput, laneOf } from "./lane-functions.ts";
import { elementPlace, loadElementOf, scalarsOf, storeElementOf } from "./memory.ts";
import { advance, checkIndex, loadCode, storeCode } from "./storage-code.ts";
import { copyLanes, lanesOf } from "./values-code.ts";

/** The type of a vector of one dimension; undefined for others, which are left to their rules. */
function flat(emitter: Emitter, id: ValueId): VectorType | undefined {
  const type = emitter.typeOf(id);
  return type.kind === "vector" && type.shape.length === 1 ? type : undefined;
}
const forLanes = (lanes: number, statement: string): string => `for (let l = 0; l < ${lanes}; l++) ${statement}`;

const broadcast: OperationEmitter = (emitter, op) => {
  const source = emitter.get(op.operands[0]!);
  const type = emitter.typeOf(op.results[0]!) as VectorType;
  if (source.kind !== "scalar") return false;
  // A carried scalar may change while the vector lives.
  const code = source.code.startsWith("m") ? emitter.define(source.type, source.code).code : source.code;
  emitter.set(op.results[0]!, { kind: "vector", type, lanes: lanesOf(type), source: { kind: "splat", code } });
  return true;
};

const fromElements: OperationEmitter = (emitter, op) => {
  const type = flat(emitter, op.results[0]!);
  if (!type) return false;
  const lanes = scalarsOf(emitter, op.operands);
  emitter.defineVector(op.results[0]!, type, (array) =>
    lanes.forEach(({ code }, lane) => emitter.line(`${array}[${lane}] = ${code};`)),
  );
  return true;
};

/** Where the first lane of consecutive elements is, after checks that the lanes are inside, and the distance of lanes. */
function consecutive(
  emitter: Emitter,
  op: Operation,
  buffer: EmittedBuffer,
  ids: readonly ValueId[],
  lanes: number,
): { readonly place: string; readonly stride: string } {
  const indices = scalarsOf(emitter, ids);
  const place = emitter.fresh("p");
  const code = elementPlace(emitter, op, buffer, indices);
  const last = indices.at(-1)!;
  const axis = indices.length - 1;
  const end = { code: `(${last.code} + ${lanes - 1})`, low: last.low + lanes - 1, high: last.high + lanes - 1 };
  checkIndex(emitter, op, end, axis, buffer.shape[axis]!);
  emitter.line(`const ${place} = ${code};`);
  return { place, stride: buffer.strides[axis]! };
}

const load: OperationEmitter = (emitter, op) => {
  const [base, ...indices] = op.operands as readonly [ValueId, ...ValueId[]];
  const type = flat(emitter, op.results[0]!);
  const buffer = emitter.buffer(base);
  if (vectorElement(buffer.type) !== undefined) return loadElementOf(emitter, op);
  if (!type || indices.length === 0) return false;
  const { place, stride } = consecutive(emitter, op, buffer, indices, lanesOf(type));
  const storage = elementStorage(buffer.type);
  emitter.defineVector(op.results[0]!, type, (array) =>
    emitLanes(
      emitter,
      lanesOf(type),
      storage,
      [array, buffer.data, place, stride],
      (inner, [target, data, start]) =>
        `${target}[l] = ${loadCode(inner, storage, `${data}[${advance(start!, "l", stride === "1" ? "1" : "p3")}]`)};`,
    ),
  );
  return true;
};

const store: OperationEmitter = (emitter, op) => {
  const [value, base, ...indices] = op.operands as readonly [ValueId, ValueId, ...ValueId[]];
  const type = flat(emitter, value);
  const buffer = emitter.buffer(base);
  if (vectorElement(buffer.type) !== undefined) return storeElementOf(emitter, op);
  if (!type || indices.length === 0) return false;
  const { place, stride } = consecutive(emitter, op, buffer, indices, lanesOf(type));
  const lanes = emitter.vector(value);
  const storage = elementStorage(buffer.type);
  const inputs = [buffer.data, place, laneInput(lanes), stride];
  emitLanes(emitter, lanes.lanes, storage, inputs, (inner, [data, start, source]) =>
    storeCode(inner, storage, `${data}[${advance(start!, "l", stride === "1" ? "1" : "p3")}]`, laneOf(lanes, source!)),
  );
  return true;
};

/** The place of lane `l` of a masked access; masked-off lanes are neither checked nor touched. Emitted inside a lane's block. */
function maskedPlace(
  emitter: Emitter,
  op: Operation,
  buffer: EmittedBuffer,
  indices: readonly EmittedScalar[],
): string {
  const last = indices.at(-1)!;
  emitter.line(`const at = ${last.code} + l;`);
  const lane: EmittedScalar = { ...last, code: "at", low: -Infinity, high: Infinity };
  return elementPlace(emitter, op, buffer, [...indices.slice(0, -1), lane]);
}

const maskedLoad: OperationEmitter = (emitter, op) => {
  const [base, ...rest] = op.operands as readonly [ValueId, ...ValueId[]];
  const indices = scalarsOf(emitter, rest.slice(0, -2));
  const type = flat(emitter, op.results[0]!);
  if (!type || indices.length === 0) return false;
  const buffer = emitter.buffer(base);
  const [mask, otherwise] = rest.slice(-2).map((id) => emitter.vector(id));
  emitter.defineVector(op.results[0]!, type, (array) => {
    emitter.line(`${forLanes(lanesOf(type), `if (${laneCode(mask!, "l")}) {`)}`);
    const place = maskedPlace(emitter, op, buffer, indices);
    emitter.line(`${array}[l] = ${loadCode(emitter, elementStorage(buffer.type), `${buffer.data}[${place}]`)};`);
    emitter.line(`} else ${array}[l] = ${laneCode(otherwise!, "l")};`);
  });
  return true;
};

const maskedStore: OperationEmitter = (emitter, op) => {
  const [base, ...rest] = op.operands as readonly [ValueId, ...ValueId[]];
  const indices = scalarsOf(emitter, rest.slice(0, -2));
  const type = flat(emitter, rest.at(-1)!);
  if (!type || indices.length === 0) return false;
  const buffer = emitter.buffer(base);
  const [mask, value] = rest.slice(-2).map((id) => emitter.vector(id));
  emitter.line(forLanes(lanesOf(type), `if (${laneCode(mask!, "l")}) {`));
  const place = maskedPlace(emitter, op, buffer, indices);
  emitter.line(storeCode(emitter, elementStorage(buffer.type), `${buffer.data}[${place}]`, laneCode(value!, "l")));
  emitter.line("}");
  return true;
};

const createMask: OperationEmitter = (emitter, op) => {
  const type = flat(emitter, op.results[0]!);
  if (!type) return false;
  const count = emitter.scalar(op.operands[0]!);
  emitter.defineVector(op.results[0]!, type, (array) =>
    emitter.line(forLanes(lanesOf(type), `${array}[l] = l < ${count.code} ? 1 : 0;`)),
  );
  return true;
};

/** The operation by which lanes are combined, as a function of two. */
const reduction: OperationEmitter = (emitter, op) => {
  const kind: CombiningKind | undefined = vector.reduction.match(emitter.program.reader, op)?.attributes.kind;
  const source = emitter.vector(op.operands[0]!);
  const { element } = source.type;
  if (kind === undefined || source.lanes === 0) return false;
  const plain = element.text === "f32" && (kind === "add" || kind === "mul");
  const combine = (a: string, b: string): string =>
    plain
      ? `Math.fround(${a} ${kind === "add" ? "+" : "*"} ${b})`
      : `${emitter.bind(combination(kind, element))}(${a}, ${b})`;
  const name = emitter.fresh("q");
  const accumulator = op.operands[1] === undefined ? undefined : emitter.scalar(op.operands[1]);
  emitter.line(`let ${name} = ${accumulator?.code ?? laneCode(source, "0")};`);
  emitter.line(
    `for (let l = ${accumulator ? 0 : 1}; l < ${source.lanes}; l++) ${name} = ${combine(name, laneCode(source, "l"))};`,
  );
  emitter.set(op.results[0]!, emitter.define(element, name));
  return true;
};

/** The lane that a position of one entry names, after its check. */
function lanePosition(emitter: Emitter, op: Operation, dynamic: readonly ValueId[], lanes: number): string | undefined {
  const position = integersOf(op, "static_position");
  if (position.length !== 1) return undefined;
  if (position[0] !== dynamicEntry) return String(position[0]);
  const index = emitter.scalar(dynamic[0]!);
  checkIndex(emitter, op, index, 0, String(lanes));
  return index.code;
}

const extract: OperationEmitter = (emitter, op) => {
  const [source, ...dynamic] = op.operands as readonly [ValueId, ...ValueId[]];
  const from = flat(emitter, source);
  const lane = from && lanePosition(emitter, op, dynamic, lanesOf(from));
  if (lane === undefined) return false;
  emitter.set(op.results[0]!, emitter.define(from!.element, laneCode(emitter.vector(source), lane)));
  return true;
};

const insert: OperationEmitter = (emitter, op) => {
  const [value, target, ...dynamic] = op.operands as readonly [ValueId, ValueId, ...ValueId[]];
  const type = flat(emitter, target);
  const lane = type && lanePosition(emitter, op, dynamic, lanesOf(type));
  const scalar = emitter.get(value);
  if (lane === undefined || scalar.kind !== "scalar") return false;
  const before = emitter.vector(target);
  emitter.defineVector(op.results[0]!, type!, (array) => {
    copyLanes(emitter, before, array, before.lanes);
    emitter.line(`${array}[${lane}] = ${scalar.code};`);
  });
  return true;
};

const shuffle: OperationEmitter = (emitter, op) => {
  const [left, right] = op.operands as readonly [ValueId, ValueId];
  const type = flat(emitter, op.results[0]!);
  const split = flat(emitter, left);
  if (!type || !split) return false;
  const [first, second] = [emitter.vector(left), emitter.vector(right)];
  emitter.defineVector(op.results[0]!, type, (array) =>
    integersOf(op, "mask").forEach((entry, lane) => {
      const picked = Math.max(0, entry);
      const from =
        picked < first.lanes ? laneCode(first, String(picked)) : laneCode(second, String(picked - first.lanes));
      emitter.line(`${array}[${lane}] = ${from};`);
    }),
  );
  return true;
};

/** Emission of the `vector` dialect for vectors of one dimension. */
export const vectorEmitters: Readonly<Record<string, OperationEmitter>> = {
  "vector.broadcast": broadcast,
  "vector.from_elements": fromElements,
  "vector.load": load,
  "vector.store": store,
  "vector.maskedload": maskedLoad,
  "vector.maskedstore": maskedStore,
  "vector.create_mask": createMask,
  "vector.reduction": reduction,
  "vector.extract": extract,
  "vector.insert": insert,
  "vector.shuffle": shuffle,
};
