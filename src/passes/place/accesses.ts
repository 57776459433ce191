import type { AffineMap } from "../../ir/affine.ts";
import { bufferViews } from "../../ir/analysis/buffer-views.ts";
import { structuredView } from "../../ir/dialects/linalg/structured-view.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { type IrReader, type Operation, type ValueId, walk } from "../../ir/module.ts";
import { hostElementType, type MemRefType } from "../../ir/types.ts";
import { storageBytes } from "../../support/numeric/element-type.ts";
import type { Unit } from "./units.ts";

/** A whole buffer of the entry function: an argument, an allocation or a constant. Constants are the same by name. */
export type Root = ValueId | string;

/** What a unit does with a buffer. */
export interface Access {
  readonly root: Root;
  /** A value that is the whole buffer. */
  readonly value: ValueId;
  /** Earlier contents matter: they are read, or only some of them are overwritten. */
  readonly needsContents: boolean;
  readonly writes: boolean;
}

/** Views that show every element. */
const wholeViews: ReadonlySet<string> = new Set(["memref.cast", "memref.expand_shape", "memref.collapse_shape"]);

/** The buffer behind a value, and whether the value shows all of it. Undefined where it cannot be told. */
export function rootOf(
  reader: IrReader,
  value: ValueId,
): { readonly root: Root; readonly value: ValueId; readonly isWhole: boolean } | undefined {
  let isWhole = true;
  for (let at = value; ;) {
    const definition = reader.definition(at);
    if (definition === undefined) return { root: at, value: at, isWhole };
    if (bufferViews.has(definition.name)) {
      isWhole &&= wholeViews.has(definition.name);
      at = definition.operands[0]!;
      continue;
    }
    const global = memref.get_global.match(reader, definition);
    if (global) return { root: `@${global.attributes.name}`, value: at, isWhole };
    return { root: at, value: at, isWhole };
  }
}

/** Bytes of a buffer in memory. */
export function bytesOf(reader: IrReader, value: ValueId): number {
  const type = reader.typeOf(value) as MemRefType;
  const element = hostElementType(type.element);
  if (element === undefined || element === "string") return 0;
  return type.shape.reduce<number>((product, size) => product * (size === "?" ? 1 : size), storageBytes(element));
}

/** How one operation treats an operand. */
interface Touch {
  readonly value: ValueId;
  readonly reads: boolean;
  readonly writes: boolean;
  /** Every element that the value shows is written. */
  readonly overwrites: boolean;
}
const read = (value: ValueId): Touch => ({ value, reads: true, writes: false, overwrites: false });
const overwrite = (value: ValueId): Touch => ({ value, reads: false, writes: true, overwrites: true });

function touchesOf(reader: IrReader, op: Operation): readonly Touch[] {
  const isBuffer = (value: ValueId): boolean => reader.typeOf(value).kind === "memref";
  if (bufferViews.has(op.name) || op.name === "weft.kernel") return [];
  if (op.name === "memref.load") return [read(op.operands[0]!)];
  if (op.name === "memref.store") return [{ value: op.operands[1]!, reads: false, writes: true, overwrites: false }];
  if (op.name === "memref.copy") return [read(op.operands[0]!), overwrite(op.operands[1]!)];
  if (op.name === "weft.online_attention")
    return [...op.operands.slice(0, -1).map(read), overwrite(op.operands.at(-1)!)];
  const structured = structuredView(reader, op);
  if (!structured) {
    const buffers = op.operands.filter(isBuffer);
    return buffers.map((value) => ({ value, reads: true, writes: true, overwrites: false }));
  }
  const { inputs, outputs, body, iterators, maps } = structured;
  const parameters = body === undefined ? [] : reader.block(body).arguments;
  return [
    ...inputs.filter(isBuffer).map(read),
    ...outputs.filter(isBuffer).map((value, index): Touch => {
      // A reduction starts from what is there.
      const parameter = parameters[inputs.length + index];
      const startsFrom = iterators.includes("reduction") || parameter === undefined || reader.useCount(parameter) > 0;
      const reads = op.name !== "linalg.fill" && startsFrom;
      return { value, reads, writes: true, overwrites: !reads && isOnto(maps[inputs.length + index]) };
    }),
  ];
}

/** Whether the loops of a map reach every element: each dimension is a loop of its own. */
const isOnto = (map: AffineMap | undefined): boolean =>
  map !== undefined &&
  map.results.every((result) => result.kind === "dimension") &&
  new Set(map.results.map((result) => (result.kind === "dimension" ? result.position : -1))).size ===
    map.results.length;

/** Everything that a unit does with buffers from outside it, each buffer once. */
export function accessesOf(reader: IrReader, unit: Unit): readonly Access[] {
  const found = new Map<Root, Access>();
  for (const op of unit) {
    const inside = definedIn(reader, op);
    // What a loop or branch overwrites may not have been overwritten when it ends.
    const isStraight = op.regions.length === 0 || op.name.startsWith("linalg.") || op.name.startsWith("weft.");
    for (const inner of walk(reader, op.id))
      for (const touch of touchesOf(reader, inner)) {
        const target = rootOf(reader, touch.value);
        if (target === undefined || inside.has(target.value)) continue;
        const known = found.get(target.root);
        const replaces = touch.overwrites && target.isWhole && isStraight;
        found.set(target.root, {
          root: target.root,
          value: known?.value ?? target.value,
          needsContents: known?.needsContents ?? !replaces,
          writes: (known?.writes ?? false) || touch.writes,
        });
      }
  }
  return [...found.values()];
}

function definedIn(reader: IrReader, root: Operation): ReadonlySet<ValueId> {
  const values = new Set<ValueId>();
  for (const op of walk(reader, root.id)) {
    for (const result of op.results) values.add(result);
    for (const region of op.regions)
      for (const block of region) for (const argument of reader.block(block).arguments) values.add(argument);
  }
  return values;
}
