import { hostFunctionsOf, printHostFunctions } from "../../../../src/backends/wgsl/host/host-file.ts";
import { allocateBuffer, type BufferView, interpretFunction } from "../../../../src/interpreter/interpret.ts";
import { registry } from "../../../../src/ir/dialects/index.ts";
import { type Module, ModuleReader } from "../../../../src/ir/module.ts";
import { parseModule } from "../../../../src/ir/text/parse.ts";
import { hostElementType, type MemRefType } from "../../../../src/ir/types.ts";
import { storageClass } from "../../../../src/support/numeric/element-storage.ts";
import type { NumericElementType } from "../../../../src/support/numeric/element-type.ts";
import { decodeFloat } from "../../../../src/support/numeric/float-formats.ts";

type HostFunctions = Readonly<Record<string, (...views: readonly ArrayBufferView[]) => void>>;

/** The host file of a module, loaded as Node and pages load it. */
export async function loadHostFile(module: Module) {
  const file = printHostFunctions(new ModuleReader(module));
  if (!file) throw new Error("the module has no host functions");
  const url = `data:text/javascript;base64,${Buffer.from(file.text).toString("base64")}`;
  return { file, functions: (await import(/* @vite-ignore */ url)) as HostFunctions };
}

/** A module with a host function of this body, whose parameters are `%a`, `%b`, …, of these types. */
export function hostModule(types: readonly string[], body: string): Module {
  const names = types.map((_, index) => `%${String.fromCharCode(97 + index)}`);
  const parameters = names.map((name, index) => `${name}: ${types[index]}`).join(", ");
  const text = `func.func private @host_0(${parameters}) {
${body}
  return
}
func.func @main(${parameters}) attributes {weft.entry_point} {
  call @host_0(${names.join(", ")}) : (${types.join(", ")}) -> ()
  return
}`;
  return parseModule(text, { file: "host.mlir", registry });
}

/** Bytes as the view that the manifest promises for an element type. */
function viewOf(bytes: Uint8Array<ArrayBuffer>, element: NumericElementType): ArrayBufferView {
  if (element === "f16") return new Uint16Array(bytes.buffer);
  const view = storageClass(element);
  return new view(bytes.buffer, 0, bytes.length / new view(0).BYTES_PER_ELEMENT);
}
const bytesOf = (buffer: BufferView): Uint8Array<ArrayBuffer> => new Uint8Array(buffer.bytes as ArrayBuffer);

/** Elements as numbers; the payload of a NaN of 16 bits is nobody's promise. */
function valuesOf(bytes: Uint8Array<ArrayBuffer>, element: NumericElementType): readonly (number | bigint)[] {
  const values = [...(viewOf(bytes, element) as unknown as Iterable<number | bigint>)];
  return element === "f16" ? values.map((bits) => decodeFloat("f16", Number(bits))) : values;
}

/**
 * Runs the module's host functions, each on buffers with the given bytes: as printed, and interpreted.
 * @param fill the contents of a parameter of so many bytes
 * @returns for each parameter of each function what is in it afterwards
 */
export async function runBoth(
  module: Module,
  fill: (parameter: number, bytes: number, element: NumericElementType) => Uint8Array,
): Promise<{ readonly printed: unknown; readonly interpreted: unknown }> {
  const reader = new ModuleReader(module);
  const { file, functions } = await loadHostFile(module);
  const [printed, interpreted]: unknown[][] = [[], []];
  for (const op of hostFunctionsOf(reader)) {
    const symbol = op.properties["sym_name"];
    const name = symbol?.kind === "string" ? symbol.value : "";
    const { name: exported, elementTypes } = file.functions.get(name)!;
    const types = reader.block(op.regions[0]![0]!).arguments.map((value) => reader.typeOf(value) as MemRefType);
    const buffers = types.map((type, index) => {
      const element = hostElementType(type.element) as NumericElementType;
      const buffer = allocateBuffer(element, type.shape as readonly number[]);
      bytesOf(buffer).set(fill(index, bytesOf(buffer).length, element));
      return buffer;
    });
    const copies = buffers.map((buffer) => bytesOf(buffer).slice());
    functions[exported]!(...copies.map((bytes, index) => viewOf(bytes, elementTypes[index]!)));
    interpretFunction(module, name, buffers);
    printed!.push(copies.map((bytes, index) => valuesOf(bytes, elementTypes[index]!)));
    interpreted!.push(buffers.map((buffer, index) => valuesOf(bytesOf(buffer).slice(), elementTypes[index]!)));
  }
  return { printed, interpreted };
}
