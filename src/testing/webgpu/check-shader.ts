/// <reference types="@webgpu/types" />
import { NagaError, parseWgsl, validate } from "naga-wasm";
import { nullDevice } from "./null-device.ts";

/** What a shader compiler said about a text. */
export interface ShaderMessage {
  /** Tint is Dawn's (and Chromium's) compiler, naga is wgpu's (and Firefox's). */
  readonly compiler: "tint" | "naga";
  readonly severity: "error" | "warning" | "info";
  /** From 1; 0 when it is about the whole shader. */
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** What became of one shader. */
export interface ShaderCheck {
  /** Both compilers take it, and a compute pipeline can be made of it. */
  readonly isValid: boolean;
  readonly messages: readonly ShaderMessage[];
}

let device: Promise<GPUDevice> | undefined;

/**
 * Checks a shader without running it, in about a millisecond: as Dawn compiles it, as a compute pipeline (bindings, workgroup size and
 * limits), and as naga validates it.
 * @param withPipeline the device has the limits that every device has; for shaders that need more, without a pipeline
 */
export async function checkShader(source: string, withPipeline = true): Promise<ShaderCheck> {
  device ??= nullDevice();
  const messages = [...(await dawnMessages(await device, source, withPipeline)), ...nagaMessages(source)];
  return { isValid: messages.every(({ severity }) => severity !== "error"), messages };
}

async function dawnMessages(
  device: GPUDevice,
  source: string,
  withPipeline: boolean,
): Promise<readonly ShaderMessage[]> {
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ code: source });
  const { messages } = await module.getCompilationInfo();
  const found = messages.map(({ type, lineNum, linePos, message }): ShaderMessage => ({
    compiler: "tint",
    severity: type,
    line: lineNum,
    column: linePos,
    text: message,
  }));
  const isCompiled = found.every(({ severity }) => severity !== "error");
  if (isCompiled && withPipeline)
    device.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
  const refusal = await device.popErrorScope();
  if (isCompiled && refusal)
    found.push({ compiler: "tint", severity: "error", line: 0, column: 0, text: refusal.message });
  return found;
}

function nagaMessages(source: string): readonly ShaderMessage[] {
  try {
    const module = parseWgsl(source);
    try {
      validate(module).free();
    } finally {
      module.free();
    }
    return [];
  } catch (error) {
    if (!(error instanceof NagaError)) throw error;
    const [, line, column] = /:(\d+):(\d+)/.exec(error.formatted) ?? [];
    return [
      {
        compiler: "naga",
        severity: "error",
        line: Number(line ?? 0),
        column: Number(column ?? 0),
        text: error.formatted,
      },
    ];
  }
}

/** Messages as lines of text, such as `tint error 3:7: unresolved value 'x'`. */
export const messageLines = (messages: readonly ShaderMessage[]): string =>
  messages
    .map(({ compiler, severity, line, column, text }) => `${compiler} ${severity} ${line}:${column}: ${text}`)
    .join("\n");
