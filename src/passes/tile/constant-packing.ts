import { hostTensorOf, resourceAttribute } from "../../ir/attributes.ts";
import { at } from "../../ir/builder.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { layoutOf, staticSizes } from "../../ir/analysis/memref-layout.ts";
import { attributeOf, bodyOf, type Operation, type ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { hostElementType, type MemRefType, memRefType, tensorType } from "../../ir/types.ts";
import { storageBytes } from "../../support/numeric/element-type.ts";
import { baseOf } from "../kernels/placed-operands.ts";

/** The bytes of a constant buffer in row-major order, and the buffer's element size; undefined for other buffers. */
export function constantBytes(
  rewriter: Rewriter,
  value: ValueId,
): { readonly bytes: Uint8Array; readonly elementBytes: number } | undefined {
  const definition = rewriter.definition(baseOf(rewriter, value));
  const named = memref.get_global.match(rewriter, definition);
  if (!named) return undefined;
  const global = globalOf(rewriter, named.attributes.name);
  const view = global && memref.global.match(rewriter, global);
  if (!view?.attributes.constant) return undefined;
  const type = view.attributes.type as MemRefType;
  const element = hostElementType(type.element);
  if (element === undefined || element === "string") return undefined;
  const initial = view.attributes.initial_value;
  const elementBytes = storageBytes(element);
  if (initial?.kind === "resource") {
    const bytes = rewriter.resource(initial.key)?.bytes;
    return bytes && { bytes, elementBytes };
  }
  if (initial?.kind !== "dense") return undefined;
  const tensor = hostTensorOf(initial);
  if (!tensor || !ArrayBuffer.isView(tensor.data)) return undefined;
  const { buffer, byteOffset, byteLength } = tensor.data;
  return { bytes: new Uint8Array(buffer, byteOffset, byteLength), elementBytes };
}

function globalOf(rewriter: Rewriter, name: string): Operation | undefined {
  return bodyOf(rewriter, rewriter.operation(rewriter.root)).find((op) => {
    const symbol = op.name === "memref.global" ? attributeOf(op, "sym_name") : undefined;
    return symbol?.kind === "string" && symbol.value === name;
  });
}

/** One block of a packed constant: where it starts along each dimension of the view, and how long it is there. */
export interface Block {
  readonly starts: readonly number[];
  readonly sizes: readonly number[];
}

/**
 * Makes a constant of the blocks of a view of another constant, one after the other, each with its dimensions in `order`. Returns the
 * new buffer, seen flat; undefined when the source is not constant.
 */
export function packConstant(
  rewriter: Rewriter,
  view: ValueId,
  blocks: readonly Block[],
  order: readonly number[],
  entry: Operation,
): ValueId | undefined {
  const source = constantBytes(rewriter, view);
  const type = rewriter.typeOf(view) as MemRefType;
  const layout = layoutOf(type);
  if (!source || !layout || layout.offset === "?" || layout.strides.includes("?")) return undefined;
  const strides = layout.strides as readonly number[];
  const words = asWords(source.bytes, source.elementBytes);
  const total = blocks.reduce((sum, { sizes }) => sum + sizes.reduce((product, size) => product * size, 1), 0);
  const packed = asWords(new Uint8Array(total * source.elementBytes), source.elementBytes);
  let next = 0;
  for (const { starts, sizes } of blocks) {
    const first = starts.reduce((sum, start, dimension) => sum + start * strides[dimension]!, layout.offset);
    const visit = (depth: number, offset: number): void => {
      const dimension = order[depth];
      if (dimension === undefined) {
        packed[next++] = words[offset]!;
        return;
      }
      for (let index = 0; index < sizes[dimension]!; index++) visit(depth + 1, offset + index * strides[dimension]!);
    };
    visit(0, first);
  }
  const bytes = new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);
  return constantBuffer(rewriter, bytes, memRefType([total], type.element), entry);
}

type Words = { [index: number]: number | bigint } & Pick<Uint8Array, "buffer" | "byteOffset" | "byteLength">;
const wordClasses = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array } as const;

/** The same bytes as words of an element each. */
function asWords(bytes: Uint8Array, elementBytes: number): Words {
  const wordClass = wordClasses[elementBytes as keyof typeof wordClasses];
  const aligned = bytes.byteOffset % elementBytes === 0 ? bytes : bytes.slice();
  return new wordClass(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.byteLength / elementBytes) as Words;
}

/** A new private constant, equal ones shared, and its buffer at the start of a function. */
function constantBuffer(rewriter: Rewriter, bytes: Uint8Array, type: MemRefType, entry: Operation): ValueId {
  const key = rewriter.addResource(bytes);
  const name = `packed_${key.replace(/^weft_/, "")}_${type.shape[0]}`;
  if (!globalOf(rewriter, name)) {
    const first = bodyOf(rewriter, rewriter.operation(rewriter.root))[0]!;
    const value = resourceAttribute(key, tensorType(staticSizes(type), type.element));
    at(rewriter, { kind: "before", op: first.id }, () =>
      memref.global.build(
        rewriter,
        {},
        { sym_name: name, sym_visibility: "private", type, initial_value: value, constant: true },
      ),
    );
  }
  const start = rewriter.block(rewriter.operation(entry.id).regions[0]![0]!).operations[0]!;
  return at(rewriter, { kind: "before", op: start }, () =>
    memref.get_global.build(rewriter, {}, { name }, { resultTypes: [type] }),
  ).result;
}
