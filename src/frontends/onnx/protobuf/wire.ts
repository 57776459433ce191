import { type DescMessage, fromBinary, type Message, ScalarType } from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import { CompileError, type Diagnostic } from "../../../support/diagnostic.ts";
import { onnxDiagnostics, onnxLocation } from "../diagnostics.ts";

/** What a file may cost before it is refused. */
export interface WireLimits {
  /** Levels of nested messages, as in every protobuf implementation. */
  readonly depth: number;
  /** Estimated bytes of the decoded objects, without what stays a view of the file. */
  readonly memory: number;
}

const defaultWireLimits: WireLimits = { depth: 100, memory: 512 * 1024 * 1024 };

type Encoding = "varint" | "64 bits" | "bytes" | "32 bits";
const encodings: readonly (Encoding | undefined)[] = ["varint", "64 bits", "bytes", undefined, undefined, "32 bits"];

interface FieldShape {
  readonly name: string;
  readonly encoding: Encoding;
  /** Numbers in a list may also come packed into one byte string. */
  readonly packable: boolean;
  readonly message: DescMessage | undefined;
  /** Estimated bytes of memory of one decoded value. */
  readonly cost: number;
}

const messageCost = 256;
const shapesOf = new WeakMap<DescMessage, ReadonlyMap<number, FieldShape>>();

function fieldShapes(schema: DescMessage): ReadonlyMap<number, FieldShape> {
  let shapes = shapesOf.get(schema);
  if (shapes === undefined) {
    shapes = new Map(schema.fields.map((field) => [field.number, shapeOf(field)]));
    shapesOf.set(schema, shapes);
  }
  return shapes;
}

function shapeOf(field: DescMessage["fields"][number]): FieldShape {
  const message = field.message;
  if (message !== undefined) {
    return { name: field.name, encoding: "bytes", packable: false, message, cost: messageCost };
  }
  const common = { name: field.name, message: undefined, packable: field.fieldKind === "list" };
  switch (field.scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return { ...common, encoding: "bytes", packable: false, cost: 96 };
    case ScalarType.FLOAT:
      return { ...common, encoding: "32 bits", cost: 8 };
    case ScalarType.DOUBLE:
      return { ...common, encoding: "64 bits", cost: 8 };
    case ScalarType.INT64:
    case ScalarType.UINT64:
      return { ...common, encoding: "varint", cost: 32 };
    default:
      return { ...common, encoding: "varint", cost: 8 };
  }
}

/**
 * Checks that `bytes` are a message of `schema` on the wire before anything is built from them: every tag, length and wire
 * type, the nesting depth and the memory that decoding would take. Linear in the bytes; allocates next to nothing.
 * @throws CompileError with the byte offset and the field of the first violation.
 */
function checkWire(bytes: Uint8Array, schema: DescMessage, file: string, limits = defaultWireLimits): void {
  const path: string[] = [schema.name];
  let position = 0;
  let memory = 0;

  const fieldPath = () => path.join(".");
  const fail = (diagnostic: Diagnostic): never => {
    throw new CompileError([diagnostic]);
  };
  const here = () => onnxLocation(file, fieldPath());

  function spend(cost: number): void {
    memory += cost;
    if (memory <= limits.memory) return;
    fail(onnxDiagnostics.at("wire-memory", here(), { field: fieldPath(), offset: position, limit: limits.memory }));
  }
  function truncated(offset: number): never {
    return fail(onnxDiagnostics.at("wire-truncated", here(), { field: fieldPath(), offset }));
  }
  /** Moves past a varint and returns its low 53 bits, or Infinity beyond them. */
  function varint(end: number): number {
    const start = position;
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      if (position >= end) truncated(position);
      if (position - start >= 10) {
        fail(onnxDiagnostics.at("wire-varint", here(), { field: fieldPath(), offset: start }));
      }
      const byte = bytes[position++]!;
      if (scale <= 2 ** 49) value += (byte & 0x7f) * scale;
      else if ((byte & 0x7f) !== 0) value = Infinity;
      if (byte < 0x80) return value;
    }
  }
  function fixed(size: number, end: number): void {
    if (position + size > end) truncated(end);
    position += size;
  }
  /** Moves past a length prefix and returns where its bytes end. */
  function lengthEnd(end: number): number {
    const offset = position;
    const length = varint(end);
    const left = end - position;
    if (length > left) {
      const stated = Number.isFinite(length) ? length : "more than 2^53";
      fail(onnxDiagnostics.at("wire-length", here(), { field: fieldPath(), offset, length: stated, left }));
    }
    return position + length;
  }
  function scalar(encoding: Encoding, end: number): void {
    switch (encoding) {
      case "varint":
        varint(end);
        break;
      case "64 bits":
        fixed(8, end);
        break;
      case "32 bits":
        fixed(4, end);
        break;
      case "bytes":
        position = lengthEnd(end);
    }
  }
  function known(field: FieldShape, found: Encoding, offset: number, end: number, depth: number): void {
    if (found === field.encoding) {
      spend(field.cost);
      if (field.message === undefined) return scalar(found, end);
      const innerEnd = lengthEnd(end);
      return message(field.message, innerEnd, depth + 1);
    }
    if (found === "bytes" && field.packable) {
      const innerEnd = lengthEnd(end);
      while (position < innerEnd) {
        spend(field.cost);
        scalar(field.encoding, innerEnd);
      }
      return;
    }
    fail(onnxDiagnostics.at("wire-type", here(), { field: fieldPath(), offset, found, expected: field.encoding }));
  }
  function message(desc: DescMessage, end: number, depth: number): void {
    if (depth > limits.depth) {
      path.length = Math.min(path.length, 12);
      fail(onnxDiagnostics.at("wire-depth", here(), { limit: limits.depth, offset: position }));
    }
    const shapes = fieldShapes(desc);
    while (position < end) {
      const offset = position;
      const tag = varint(end);
      const number = Math.floor(tag / 8);
      const found = encodings[tag % 8];
      // Groups (wire types 3 and 4) are not used by ONNX, nor by anything younger.
      if (number === 0 || number >= 2 ** 29 || position - offset > 5 || found === undefined) {
        fail(onnxDiagnostics.at("wire-tag", here(), { field: fieldPath(), offset }));
      }
      const field = shapes.get(number);
      path.push(field?.name ?? `unknown field ${number}`);
      if (field === undefined) {
        spend(messageCost);
        scalar(found!, end);
      } else {
        known(field, found!, offset, end, depth);
      }
      path.pop();
    }
  }

  message(schema, bytes.length, 1);
}

/**
 * Decodes a message after {@link checkWire} has passed it. Byte strings are views of `bytes`.
 * @throws CompileError
 */
export function readMessage<T extends Message>(schema: GenMessage<T>, bytes: Uint8Array, file: string): T {
  checkWire(bytes, schema, file);
  // A Buffer's `slice` is a view where a Uint8Array's is a copy; what follows must not depend on which came in.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return fromBinary(schema, plain, { recursionLimit: defaultWireLimits.depth, readUnknownFields: false });
}
