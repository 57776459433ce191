import { spawnSync } from "node:child_process";
import { readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { entryOf, type EntryPort } from "../interpreter/entry.ts";
import type { Attributes } from "../ir/attributes.ts";
import { registry } from "../ir/dialects/index.ts";
import { type Module, walk } from "../ir/module.ts";
import { Rewriter } from "../ir/rewriter.ts";
import { printModule } from "../ir/text/print.ts";
import { staticShape, type Type, withElement, i32, i64, type IntegerType } from "../ir/types.ts";
import { storageBytes } from "../support/numeric/element-type.ts";
import { bytesOf, elementCount, type HostTensor, tensorFromBytes } from "../support/numeric/host-tensor.ts";
import { firstError, upstreamTool } from "./upstream.ts";

/** From structured operations on tensors to LLVM's dialect, by upstream's passes alone. */
const upstreamLowering = `builtin.module(${[
  "func.func(convert-elementwise-to-linalg)",
  "one-shot-bufferize{bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map}",
  "func.func(convert-linalg-to-loops)",
  "canonicalize",
  "cse",
  "expand-strided-metadata",
  "lower-affine",
  "convert-scf-to-cf",
  "convert-math-to-llvm",
  "convert-math-to-libm",
  "arith-expand",
  "convert-arith-to-llvm",
  "finalize-memref-to-llvm",
  "convert-func-to-llvm",
  "convert-cf-to-llvm",
  "reconcile-unrealized-casts",
].join(",")})`;

/** How each element type becomes integers that upstream prints exactly: the operation, and what it makes. */
const printable: Readonly<Record<string, { readonly by: string | undefined; readonly as: IntegerType }>> = {
  f32: { by: "arith.bitcast", as: i32 },
  f64: { by: "arith.bitcast", as: i64 },
  i1: { by: "arith.extui", as: i32 },
  i8: { by: "arith.extsi", as: i32 },
  i16: { by: "arith.extsi", as: i32 },
  i32: { by: undefined, as: i32 },
  i64: { by: undefined, as: i64 },
};
function printableAs(type: Type) {
  const found = type.kind === "tensor" ? printable[type.element.text] : undefined;
  if (found === undefined) throw new Error(`an output of type ${type.text} cannot be printed`);
  return found;
}

/** The module without the attributes of the project's own dialect, which LLVM has no use for. */
function withoutOwnAttributes(module: Module): Module {
  const rewriter = new Rewriter(module);
  const without = (attributes: Attributes, isOwn: (name: string) => boolean): Attributes =>
    Object.fromEntries(Object.entries(attributes).filter(([name]) => !isOwn(name)));
  for (const op of walk(rewriter))
    rewriter.update(op.id, {
      attributes: without(op.attributes, (name) => name.startsWith("weft.")),
      properties: without(op.properties, (name) => name === "arg_attrs" || name === "res_attrs"),
    });
  return rewriter.commit().module;
}

/** Prints a value's elements as integers. */
function printText(value: string, type: Type): string {
  const { by, as } = printableAs(type);
  const converted = withElement(type, as).text;
  const unranked = `tensor<*x${as.text}>`;
  return [
    by === undefined ? "" : `${value}_bits = ${by} ${value} : ${type.text} to ${converted}`,
    `${value}_any = tensor.cast ${by === undefined ? value : `${value}_bits`} : ${converted} to ${unranked}`,
    `func.call @printMemref${as.text.toUpperCase()}(${value}_any) : (${unranked}) -> ()`,
  ].join("\n");
}

const driver = "weft_driver";

/** A function that calls the entry with these inputs and prints what comes back. */
function driverText(
  entry: string,
  inputs: readonly HostTensor[],
  types: readonly Type[],
  results: readonly Type[],
): string {
  const given = inputs.map((tensor, index) => {
    const hexadecimal = Buffer.from(bytesOf(tensor)).toString("hex").toUpperCase();
    return `%input${index} = arith.constant dense<"0x${hexadecimal}"> : ${types[index]!.text}`;
  });
  const names = (kind: string, values: readonly unknown[]): string =>
    values.map((_, index) => `%${kind}${index}`).join(", ");
  const texts = (list: readonly Type[]): string => list.map(({ text }) => text).join(", ");
  return [
    "func.func private @printMemrefI32(tensor<*xi32>) attributes {llvm.emit_c_interface}",
    "func.func private @printMemrefI64(tensor<*xi64>) attributes {llvm.emit_c_interface}",
    `func.func @${driver}() {`,
    ...given,
    `${names("result", results)} = func.call @${entry}(${names("input", inputs)}) : (${texts(types)}) -> (${texts(results)})`,
    ...results.map((type, index) => printText(`%result${index}`, type)),
    "return",
    "}",
  ].join("\n");
}

function runTool(name: string, parameters: readonly string[], input: string): string {
  const { status, signal, stdout, stderr } = spawnSync(upstreamTool(name), parameters, { input, maxBuffer: 2 ** 30 });
  if (status === 0) return stdout.toString("utf8");
  throw new Error(`${name} ended with ${signal ?? status}: ${firstError(stderr.toString("utf8"))}`);
}

/** The integers that one `printMemref` call wrote, as an output. */
function outputOf(text: string, port: EntryPort): HostTensor {
  const shape = port.type.kind === "tensor" ? staticShape(port.type) : undefined;
  const numbers = text.slice(text.indexOf("data =") + 6).match(/-?\d+/g) ?? [];
  if (shape === undefined || numbers.length !== elementCount(shape))
    throw new Error(`${numbers.length} numbers were printed for ${port.type.text}`);
  const { as } = printableAs(port.type);
  const printed = as === i32 ? Int32Array.from(numbers, Number) : BigInt64Array.from(numbers, BigInt);
  // The first bytes of each integer are the element: little-endian, widened for printing only.
  const elementType = port.elementType!;
  const [printedBytes, bytes] = [as.width / 8, storageBytes(elementType)];
  const stored = new Uint8Array(printed.buffer).filter((_, index) => index % printedBytes < bytes);
  return tensorFromBytes(elementType, shape, stored);
}

/** Upstream's run-time libraries, beside its tools. */
function runtimeLibraries(): string {
  const folder = join(dirname(realpathSync(upstreamTool("mlir-runner"))), "..", "lib");
  const installed = readdirSync(folder);
  const find = (name: string): string => {
    const file = installed.find((candidate) => candidate.startsWith(`lib${name}.so`));
    if (file === undefined) throw new Error(`lib${name}.so is missing beside mlir-runner`);
    return join(folder, file);
  };
  return ["mlir_runner_utils", "mlir_c_runner_utils"].map(find).join(",");
}

/**
 * Runs a tensor-level module with upstream's tools alone: lowered by `mlir-opt`, compiled and run by `mlir-runner`. Values come back bit for bit.
 *
 * @throws Error with upstream's first error when it refuses the module
 */
export function runUpstream(module: Module, inputs: ReadonlyMap<string, HostTensor>): Map<string, HostTensor> {
  const { name, arguments: ports, results } = entryOf(module);
  const given = ports.map((port) => inputs.get(port.name)!);
  const text = printModule(withoutOwnAttributes(module), registry, { generic: true });
  const end = text.lastIndexOf("\n})", text.includes("\n{-#") ? text.indexOf("\n{-#") : text.length);
  const types = (list: readonly EntryPort[]): readonly Type[] => list.map(({ type }) => type);
  const program = `${text.slice(0, end)}\n${driverText(name, given, types(ports), types(results))}${text.slice(end)}`;
  const lowered = runTool("mlir-opt", [`--pass-pipeline=${upstreamLowering}`], program);
  const printed = runTool(
    "mlir-runner",
    ["-O2", "-e", driver, "--entry-point-result=void", `--shared-libs=${runtimeLibraries()}`],
    lowered,
  );
  const texts = printed.split("Unranked Memref").slice(1);
  return new Map(results.map((port, index) => [port.name, outputOf(texts[index]!, port)]));
}
