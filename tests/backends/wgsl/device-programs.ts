import { wgslBackend } from "../../../src/backends/wgsl/backend.ts";
import type { Artifact } from "../../../src/backends/artifact.ts";
import { runEntry } from "../../../src/interpreter/entry.ts";
import { registry } from "../../../src/ir/dialects/index.ts";
import type { Module } from "../../../src/ir/module.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { verifyModule } from "../../../src/ir/verifier.ts";
import { loadArtifact } from "../../../src/runtime/webgpu/index.ts";
import type { HostTensor } from "../../../src/support/numeric/host-tensor.ts";
import { checkShader, messageLines } from "../../../src/testing/webgpu/check-shader.ts";

type Values = ReadonlyMap<string, HostTensor>;

/** A program at the device level from its text. */
export function deviceModule(text: string): Module {
  const module = parseModule(text, { file: "test.mlir", registry });
  const problems = verifyModule(module, registry);
  if (problems.length > 0) throw new Error(problems.map((problem) => problem.message).join("\n"));
  return module;
}

export const compileText = (text: string, options: Readonly<Record<string, unknown>> = {}): Artifact =>
  wgslBackend.compile(deviceModule(text), options);

/** The shaders of an artifact, after both compilers took them. */
export async function checkedShaders(artifact: Artifact): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const [name, content] of artifact.files) {
    if (!name.endsWith(".wgsl") || typeof content !== "string") continue;
    const { isValid, messages } = await checkShader(content);
    if (!isValid) throw new Error(`${messageLines(messages)}\n${content}`);
    texts.push(content);
  }
  return texts;
}

/** Compiles a program, lets both compilers check its shaders, and runs it on the device. */
export async function runOnDevice(
  program: string | Module,
  inputs: Values,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Values> {
  const module = typeof program === "string" ? deviceModule(program) : program;
  const artifact = wgslBackend.compile(module, options);
  await checkedShaders(artifact);
  const model = await loadArtifact(artifact);
  try {
    return await model.run(inputs);
  } finally {
    model.dispose();
  }
}

/** What the interpreter makes of the same program. */
export const interpret = (program: string | Module, inputs: Values): Values =>
  runEntry(typeof program === "string" ? deviceModule(program) : program, inputs);

/** A kernel's buffer: its name, type as the IR has it, and whether it is an output. */
export interface BufferText {
  readonly name: string;
  readonly type: string;
  readonly isOutput?: boolean;
}

/** A program of one kernel over buffers that all are inputs or outputs. */
export function kernelProgram(
  buffers: readonly BufferText[],
  body: string,
  launch: { readonly blocks?: number; readonly threads?: number; readonly attributes?: string } = {},
): string {
  const { blocks = 1, threads = 1, attributes = "" } = launch;
  const parameters = buffers.map(({ name, type }) => `%${name}: ${type}`).join(", ");
  const ports = buffers.map(
    ({ name, type, isOutput }) => `%${name}: ${type} {weft.name = "${name}"${isOutput ? ", weft.output" : ""}}`,
  );
  const given = buffers.map(({ name, type }) => `%${name} : ${type}`).join(", ");
  return `module attributes {gpu.container_module} {
  gpu.module @kernels {
    gpu.func @kernel(${parameters}) kernel attributes {known_block_size = array<i32: ${threads}, 1, 1>${attributes}} {
${body}
      gpu.return
    }
  }
  func.func @main(${ports.join(", ")}) attributes {weft.entry_point} {
    %blocks = arith.constant ${blocks} : index
    %one = arith.constant 1 : index
    %threads = arith.constant ${threads} : index
    gpu.launch_func @kernels::@kernel blocks in (%blocks, %one, %one) threads in (%threads, %one, %one) args(${given})
    return
  }
}`;
}
