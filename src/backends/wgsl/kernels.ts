import { isKernel } from "../../ir/dialects/gpu/kernel.ts";
import { type IrReader, type Operation, walk } from "../../ir/module.ts";
import { describeOrigin } from "../../support/location.ts";
import { symbolName } from "../entry-point.ts";
import { lineCommentText } from "../printing/comments.ts";
import { wgslIdentifier } from "./identifiers.ts";
import type { ManifestBuffer, ManifestShader } from "./manifest.ts";
import { notLegal } from "./not-legal.ts";
import { isSlice, type RunStep, type Slice } from "./run-plan.ts";
import type { Extension, LanguageFeature } from "./scope.ts";
import { parameterUses, printShader, type PrintedShader, type ShaderParameter } from "./shader.ts";

/** A launch of a kernel. */
export type Launch = Extract<RunStep, { readonly kind: "launch" }>;

/** A shader, and how its bindings are found among a launch's arguments. */
interface Variant {
  readonly shader: number;
  readonly storage: readonly number[];
  readonly scalars: readonly number[];
}

/** What a launch has to bind, by the shader that it runs. */
export interface BoundLaunch {
  readonly shader: number;
  readonly bindings: readonly Slice[];
  readonly parameters: readonly number[] | undefined;
}

/** Where a launch comes from in the model; empty when nothing is known. */
export const originOf = (op: Operation): string => describeOrigin(op.location);

/** Nodes named in a shader's first lines. */
const mostNamed = 4;

interface Text {
  readonly kernel: Operation;
  readonly printed: PrintedShader;
  readonly launches: Launch[];
  /** How the parameters are called when only one launch uses the shader. */
  readonly named: readonly ShaderParameter[];
}

/** Makes shaders out of legal kernels: one for each way in which a kernel's buffers are bound; equal texts are one shader. */
export class KernelShaders {
  readonly #reader: IrReader;
  readonly #buffers: readonly ManifestBuffer[];
  readonly #kernels = new Map<string, Operation>();
  readonly #constants = new Map<string, readonly (number | undefined)[]>();
  readonly #variants = new Map<string, Variant>();
  readonly #texts: Text[] = [];
  readonly #byText = new Map<string, number>();

  constructor(reader: IrReader, buffers: readonly ManifestBuffer[], launches: readonly Launch[]) {
    this.#reader = reader;
    this.#buffers = buffers;
    for (const op of walk(reader)) if (isKernel(op)) this.#kernels.set(symbolName(op), op);
    for (const launch of launches) this.#agree(launch);
  }

  /** Keeps which scalars are the same in all launches of a kernel. */
  #agree({ kernel, arguments: given }: Launch): void {
    const known = this.#constants.get(kernel);
    const scalars = given.map((argument, index) => {
      if (isSlice(argument)) return undefined;
      return known === undefined || known[index] === argument ? argument : undefined;
    });
    this.#constants.set(kernel, scalars);
  }

  bind(launch: Launch): BoundLaunch {
    const kernel = this.#kernels.get(launch.kernel);
    if (kernel === undefined)
      throw notLegal(launch.op.name, `there is no kernel @${launch.kernel}`, launch.op.location);
    const parameters = this.#parameters(launch, kernel);
    const key = `${launch.kernel} ${parameters.map((each) => (each.kind === "buffer" ? each.access : each.kind)).join()}`;
    const variant = this.#variants.get(key) ?? this.#make(key, kernel, parameters, launch);
    const { launches } = this.#texts[variant.shader]!;
    if (!launches.includes(launch)) launches.push(launch);
    const scalars = variant.scalars.map((index) => launch.arguments[index] as number);
    return {
      shader: variant.shader,
      bindings: variant.storage.map((index) => launch.arguments[index] as Slice),
      parameters: scalars.length === 0 ? undefined : scalars,
    };
  }

  #parameters(launch: Launch, kernel: Operation): readonly ShaderParameter[] {
    const uses = parameterUses(this.#reader, kernel);
    if (uses.length !== launch.arguments.length)
      throw notLegal(launch.op.name, "it has not as many arguments as the kernel", launch.op.location);
    // In one dispatch a buffer is only read, or it may be written: by all bindings alike.
    const written = new Set<number>();
    launch.arguments.forEach((argument, index) => {
      if (!isSlice(argument)) return;
      if (uses[index]!.isWritten || this.#buffers[argument.buffer]!.role === "arena") written.add(argument.buffer);
    });
    const constants = this.#constants.get(launch.kernel)!;
    return launch.arguments.map((argument, index): ShaderParameter => {
      const { isUsed, isWritten, isBuffer } = uses[index]!;
      if (isSlice(argument) !== isBuffer)
        throw notLegal(launch.op.name, `argument ${index} does not fit the kernel's parameter`, launch.op.location);
      if (!isUsed) return { kind: "unused" };
      if (!isSlice(argument)) {
        const bits = constants[index];
        return bits === undefined ? { kind: "scalar", name: `scalar${index}` } : { kind: "constant", bits };
      }
      const access = written.has(argument.buffer) ? "read_write" : "read";
      return { kind: "buffer", access, name: `${isWritten ? "out" : "in"}${index}` };
    });
  }

  #make(key: string, kernel: Operation, parameters: readonly ShaderParameter[], launch: Launch): Variant {
    const printed = printShader(this.#reader, kernel, parameters);
    const known = this.#byText.get(printed.text);
    const shader = known ?? this.#texts.length;
    if (known === undefined) {
      const named = parameters.map((parameter, index): ShaderParameter => {
        const argument = launch.arguments[index]!;
        if (parameter.kind !== "buffer" || !isSlice(argument)) return parameter;
        return { ...parameter, name: this.#nameOf(argument, parameter.name) };
      });
      this.#byText.set(printed.text, shader);
      this.#texts.push({ kernel, printed, launches: [], named });
    }
    const indicesOf = (kind: "buffer" | "scalar") =>
      parameters.flatMap((parameter, index) => (parameter.kind === kind ? [index] : []));
    const variant: Variant = { shader, storage: indicesOf("buffer"), scalars: indicesOf("scalar") };
    this.#variants.set(key, variant);
    return variant;
  }

  /** A binding's name after what is bound to it: prefixes keep it apart from the language's own functions. */
  #nameOf(slice: Slice, neutral: string): string {
    if (slice.hint === undefined) return neutral.replace(/^in/, "temp");
    const prefix = { input: "in", output: "out", weights: "weight" }[this.#buffers[slice.buffer]!.role as string];
    const safe = wgslIdentifier(slice.hint);
    return prefix === undefined || safe.startsWith(`${prefix}_`) ? safe : `${prefix}_${safe}`;
  }

  /** The shaders of all launches that were bound, and their files. */
  finish(): {
    readonly shaders: readonly ManifestShader[];
    readonly files: ReadonlyMap<string, string>;
    readonly extensions: readonly Extension[];
    readonly languageFeatures: readonly LanguageFeature[];
  } {
    const files = new Map<string, string>();
    const extensions = new Set<Extension>();
    const languageFeatures = new Set<LanguageFeature>();
    const shaders = this.#texts.map(({ kernel, printed, launches, named }): ManifestShader => {
      const isShared = launches.length > 1;
      const { text } = isShared ? printed : printShader(this.#reader, kernel, named);
      const base = wgslIdentifier(symbolName(kernel));
      let file = `${base}.wgsl`;
      for (let number = 2; files.has(file); number++) file = `${base}_${number}.wgsl`;
      files.set(file, `${header(kernel, launches)}${text}`);
      for (const extension of printed.extensions) extensions.add(extension);
      for (const feature of printed.languageFeatures) languageFeatures.add(feature);
      return { file, entryPoint: "main", bindings: printed.bindings };
    });
    return { shaders, files, extensions: [...extensions].sort(), languageFeatures: [...languageFeatures] };
  }
}

/** The first lines of a shader: what it computes, for whom. */
function header(kernel: Operation, launches: readonly Launch[]): string {
  const origins = [
    ...new Set([originOf(kernel), ...launches.map(({ op }) => originOf(op))].filter((text) => text !== "")),
  ];
  const lines = origins.slice(0, mostNamed).map((origin) => `// ${lineCommentText(origin)}`);
  if (origins.length > mostNamed) lines.push(`// and ${origins.length - mostNamed} more`);
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}
