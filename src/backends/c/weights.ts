import { memref } from "../../ir/dialects/index.ts";
import type { IrReader, Operation } from "../../ir/module.ts";
import { hostElementType, type MemRefType, staticShape } from "../../ir/types.ts";
import { contentHash } from "../../support/hash.ts";
import { readElement, tensorFromBytes } from "../../support/numeric/host-tensor.ts";
import { globalBytes } from "../global-bytes.ts";
import { notLegal } from "./not-legal.ts";
import type { NameTable } from "../printing/names.ts";
import { scalarLiteral } from "./rules/constants.ts";
import { scalarName } from "./types.ts";

/** Where a global's bytes are: an array in the code, or a place in the weights file. */
type Placement =
  | { readonly kind: "array"; readonly name: string; readonly code: string }
  | { readonly kind: "file"; readonly offset: number };

/** Every offset in the weights file is a multiple of this, as is the address it is loaded at. */
export const weightsAlignment = 64;
/** Globals up to this size are written into the code, where compilers can see their values. */
const largestArray = 512;

/** The constants of a module, placed. */
export interface Weights {
  readonly placements: ReadonlyMap<string, Placement>;
  /** The weights file, in pieces: equal constants are stored once. */
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
  /** The name of the file's content. */
  readonly hash: string;
}

/** A small constant as a C array; undefined when its elements have no exact literals. */
function arrayCode(name: string, type: MemRefType, bytes: Uint8Array): string | undefined {
  const elementType = hostElementType(type.element);
  const c = scalarName(type.element);
  const shape = staticShape(type);
  if (elementType === undefined || elementType === "string" || c === undefined || shape === undefined) return undefined;
  const tensor = tensorFromBytes(elementType, shape, bytes);
  const literals: string[] = [];
  for (let index = 0; index < tensor.data.length; index++) {
    const value = readElement(tensor, index);
    if (typeof value === "number" && !Number.isFinite(value)) return undefined;
    const exact = elementType === "index" ? tensor.data[index]! : value;
    literals.push(scalarLiteral(exact, type.element)?.text ?? "0");
  }
  if (literals.length === 0) literals.push("0");
  const lines: string[] = [];
  for (let start = 0; start < literals.length; start += 12)
    lines.push(`  ${literals.slice(start, start + 12).join(", ")},`);
  return `static const ${c} ${name}[${literals.length}] = {\n${lines.join("\n")}\n};`;
}

const sameBytes = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0;

/**
 * Places the constant globals that `names` lists: small ones as arrays in the code, the others in the weights file.
 * @throws CompileError for globals that are not constant, or whose bytes are missing
 */
export function placeWeights(reader: IrReader, globals: readonly Operation[], names: NameTable): Weights {
  const placements = new Map<string, Placement>();
  const stored = new Map<string, { readonly offset: number; readonly bytes: Uint8Array }[]>();
  const pieces: Uint8Array[] = [];
  let end = 0;
  for (const op of globals) {
    const view = memref.global.match(reader, op);
    const type = view?.attributes.type;
    if (!view || type?.kind !== "memref") throw notLegal(op.name, "it is malformed", op.location);
    const { sym_name: symbol, initial_value: value, constant } = view.attributes;
    if (!constant || value === undefined || value.kind === "unit")
      throw notLegal(op.name, "generated code has no state of its own: globals must be constant", op.location);
    const bytes = globalBytes(reader, op, value);
    if (bytes === undefined) throw notLegal(op.name, "its initial value has no bytes", op.location);
    if (bytes.length <= largestArray) {
      const name = names.unique(`constant_${symbol}`);
      const code = arrayCode(name, type, bytes);
      if (code !== undefined) {
        placements.set(symbol, { kind: "array", name, code });
        continue;
      }
    }
    const hash = contentHash(bytes);
    const same = stored.get(hash) ?? [];
    stored.set(hash, same);
    const known = same.find((other) => sameBytes(other.bytes, bytes));
    if (known) {
      placements.set(symbol, { kind: "file", offset: known.offset });
      continue;
    }
    const padding = -end & (weightsAlignment - 1);
    if (padding > 0) pieces.push(new Uint8Array(padding));
    const offset = end + padding;
    same.push({ offset, bytes });
    pieces.push(bytes);
    placements.set(symbol, { kind: "file", offset });
    end = offset + bytes.length;
  }
  return { placements, pieces, bytes: end, hash: contentHash(Buffer.from([...stored.keys()].join())) };
}
