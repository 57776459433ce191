import { gpu, memref, registry, vector } from "../../ir/dialects/index.ts";
import { kernelValues } from "../../ir/dialects/gpu/kernel.ts";
import type { IrReader, Operation, ValueId } from "../../ir/module.ts";
import { walk } from "../../ir/module.ts";
import type { MemRefType } from "../../ir/types.ts";
import { integerLiteral } from "./literals.ts";
import { KernelPrinter } from "./kernel-printer.ts";
import type { BindingAccess } from "./manifest.ts";
import { notLegal } from "./not-legal.ts";
import { floatConstant } from "./rules/constants.ts";
import { printingRules } from "./rules/index.ts";
import type { Extension, LanguageFeature } from "./scope.ts";

/** One parameter of a kernel as its shader has it. */
export type ShaderParameter =
  | { readonly kind: "buffer"; readonly access: "read" | "read_write"; readonly name: string }
  /** A scalar of the uniform binding. */
  | { readonly kind: "scalar"; readonly name: string }
  /** A scalar that is the same in every launch: its 32 bits. */
  | { readonly kind: "constant"; readonly bits: number }
  | { readonly kind: "unused" };

/** A shader, and what it needs of the device. */
export interface PrintedShader {
  readonly text: string;
  readonly bindings: readonly BindingAccess[];
  readonly extensions: readonly Extension[];
  readonly languageFeatures: readonly LanguageFeature[];
}

/** Operations that write to a buffer, and where it stands among their operands. */
const writers: Readonly<Record<string, number>> = {
  [memref.store.name]: 1,
  [memref.atomic_rmw.name]: 1,
  [vector.store.name]: 1,
};

/** How a legal kernel uses its parameters. */
export function parameterUses(
  reader: IrReader,
  kernel: Operation,
): readonly {
  readonly value: ValueId;
  readonly isBuffer: boolean;
  readonly isUsed: boolean;
  readonly isWritten: boolean;
}[] {
  const written = new Set<ValueId>();
  for (const op of walk(reader, kernel.id)) {
    const position = writers[op.name];
    if (position !== undefined) written.add(op.operands[position]!);
  }
  return kernelValues(reader, kernel).inputs.map((value) => ({
    value,
    isBuffer: reader.typeOf(value).kind === "memref",
    isUsed: reader.useCount(value) > 0,
    isWritten: written.has(value),
  }));
}

/** Invocations of a workgroup of a kernel. */
export function workgroupSizeOf(reader: IrReader, kernel: Operation): readonly [number, number, number] {
  const size = gpu.func.match(reader, kernel)?.attributes.known_block_size;
  if (size === undefined) throw notLegal(kernel.name, "its workgroup size is not known", kernel.location);
  return [size[0]!, size[1]!, size[2]!];
}

/**
 * Prints a legal kernel as a shader.
 * @throws CompileError `backend/not-legal` at the first operation that no rule prints
 */
export function printShader(
  reader: IrReader,
  kernel: Operation,
  parameters: readonly ShaderParameter[],
): PrintedShader {
  const size = workgroupSizeOf(reader, kernel);
  const printer = new KernelPrinter(reader, registry, printingRules, kernel, size);
  const values = kernelValues(reader, kernel);
  const bindings: BindingAccess[] = [];
  const declarations: string[] = [];
  const fields: string[] = [];
  values.inputs.forEach((value, index) => {
    const parameter = parameters[index]!;
    const type = printer.typeOf(value);
    if (parameter.kind === "unused") return;
    if (parameter.kind === "constant") {
      const { bits } = parameter;
      const expression =
        type.text === "f32"
          ? floatConstant(printer, new Float32Array(Int32Array.of(bits).buffer)[0]!)
          : integerLiteral(bits);
      printer.bindExpression(value, expression);
    } else if (parameter.kind === "scalar") {
      const name = printer.freshName(parameter.name);
      fields.push(`  ${name}: ${printer.typeName(type)},`);
      printer.bind(value, `parameters.${name}`);
    } else {
      const name = printer.freshName(parameter.name);
      const array = printer.arrayType(type as MemRefType, printer.isAtomic(value));
      declarations.push(`@group(0) @binding(${bindings.length}) var<storage, ${parameter.access}> ${name}: ${array};`);
      bindings.push(parameter.access);
      printer.bind(value, name);
    }
  });
  if (fields.length > 0) {
    declarations.push(`@group(0) @binding(${bindings.length}) var<uniform> parameters: Parameters;`);
    bindings.push("uniform");
  }
  for (const value of values.workgroup) printer.declareWorkgroup(value, printer.typeOf(value) as MemRefType);
  for (const value of values.private) printer.declarePrivate(value, printer.typeOf(value) as MemRefType);
  printer.block(kernel.regions[0]![0]!);
  printer.settle();
  const { extensions, languageFeatures, helpers, declarations: shared, parameters: builtIns, body } = printer.printed;
  const blocks = [
    [...extensions.map((name) => `enable ${name};`), ...languageFeatures.map((name) => `requires ${name};`)].join("\n"),
    fields.length === 0 ? "" : `struct Parameters {\n${fields.join("\n")}\n}`,
    [...declarations, ...shared].join("\n"),
    ...helpers,
    `@compute @workgroup_size(${size.join(", ")})\nfn main(${builtIns.join(", ")}) {\n${body}\n}`,
  ];
  return { text: `${blocks.filter((block) => block !== "").join("\n\n")}\n`, bindings, extensions, languageFeatures };
}
