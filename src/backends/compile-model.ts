import { readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import type { DimensionChoices } from "../frontends/onnx/dimensions.ts";
import { bakeInputs } from "../frontends/onnx/bake-inputs.ts";
import { importOnnx } from "../frontends/onnx/import.ts";
import { loadOnnxModel } from "../frontends/onnx/load.ts";
import { registry } from "../ir/dialects/index.ts";
import type { Module } from "../ir/module.ts";
import { parseModule } from "../ir/text/parse.ts";
import { verifyModule } from "../ir/verifier.ts";
import { passes } from "../passes/index.ts";
import type { PassRun } from "../passes/instrumentation/pass-run.ts";
import { parsePipeline } from "../passes/parse-pipeline.ts";
import { type PipelineOptions, type PipelineResult, runPipeline } from "../passes/pass-manager.ts";
import { type MemoryPlan, memoryPlanOf } from "../passes/plan-memory/plan-memory.ts";
import { CompileError, defineDiagnostics, type Diagnostic, message } from "../support/diagnostic.ts";
import { fileLocation } from "../support/location.ts";
import type { Artifact } from "./artifact.ts";
import { findBackend } from "./index.ts";

const compileDiagnostics = defineDiagnostics("compile", {
  "unknown-format": {
    severity: "error",
    message: message`${"file"} is neither an ONNX model nor MLIR text`,
    help: "give a file that ends in .onnx or .mlir",
  },
  unreadable: {
    severity: "error",
    message: message`${"file"} cannot be read: ${"cause"}`,
    help: "check the path and the permissions",
  },
  "pass-failed": {
    severity: "error",
    message: message`pass ${"pass"} failed: ${"cause"}`,
    help: "this is a defect of the compiler; please report it with the model that shows it",
  },
});

/** What a user decides about a model before it is compiled. */
export interface ModelChoices extends DimensionChoices {
  /** Values of inputs that are to be constants, as `bakeInputs` reads them. */
  readonly constants?: ReadonlyMap<string, string>;
}

/** Reads a model: an `.onnx` file, whose open dimensions `choices` binds, or `.mlir` text. */
export function readModel(path: string, choices: ModelChoices): Module {
  const extension = extname(path).toLowerCase();
  if (extension === ".onnx")
    return importOnnx(bakeInputs(loadOnnxModel(path), choices.constants ?? new Map()), choices);
  if (extension !== ".mlir")
    throw new CompileError([compileDiagnostics.at("unknown-format", fileLocation(path), { file: path })]);
  const module = parseModule(readText(path), { file: path, registry });
  const problems = verifyModule(module, registry);
  if (problems.length > 0) throw new CompileError(problems);
  return module;
}

/** The text of a file. @throws CompileError `compile/unreadable` */
export function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new CompileError([compileDiagnostics.at("unreadable", fileLocation(path), { file: path, cause })]);
  }
}

/** Runs a pipeline given as text; a pass that fails is an error like any other. */
export function runPasses(module: Module, pipeline: string, options: PipelineOptions = {}): PipelineResult {
  const result = runPipeline(module, parsePipeline(pipeline, passes), { verify: verifyModule, ...options });
  if (result.failure) throw failureOf(result);
  return result;
}

/** What went wrong in a pipeline that failed. */
export function failureOf(result: PipelineResult): CompileError {
  const errors = result.diagnostics.filter((diagnostic) => diagnostic.severity === "error");
  // What a pass reported says more than that it failed.
  const reported = errors.filter((diagnostic) => diagnostic.code !== "passes/failed");
  if (errors.length > 0) return new CompileError(reported.length > 0 ? reported : errors);
  const { pass, cause } = result.failure!;
  const text = cause instanceof Error ? cause.message : String(cause);
  const diagnostic: Diagnostic = compileDiagnostics.at("pass-failed", fileLocation("pipeline"), {
    pass: pass.name,
    cause: text,
  });
  return new CompileError([diagnostic]);
}

/** What a compilation is asked for. */
export interface CompileRequest {
  readonly target: string;
  /** The backend's options by name, as a command line has them. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Replaces the standard pipeline. */
  readonly pipeline?: string;
  readonly modelName?: string;
  readonly instrumentation?: PipelineOptions;
}

/** A compiled model and how it came about. */
export interface CompiledModel {
  readonly artifact: Artifact;
  /** The module at the level that the backend's code is made from. */
  readonly module: Module;
  readonly passes: PipelineResult;
  readonly memory: MemoryPlan | undefined;
}

/** Compiles a module of the onnx (or any later) level for a target. */
export function compileModule(module: Module, request: CompileRequest): CompiledModel {
  const backend = findBackend(request.target);
  const pipeline = request.pipeline ?? backend.pipeline(request.options);
  const result = runPasses(backend.describeTarget(module, request.options), pipeline, request.instrumentation);
  const memory = memoryPlanAfter(result.history);
  const artifact = backend.compile(result.module, request.options ?? {}, {
    modelName: request.modelName ?? "model",
    passes: result.history.map((run) => ({
      name: run.pass.name,
      milliseconds: run.milliseconds,
      statistics: Object.fromEntries(run.statistics),
    })),
    ...(memory ? { arenaLowerBound: memory.lowerBoundBytes } : {}),
  });
  return { artifact, module: result.module, passes: result, memory };
}

/** The plan that the memory planner made, read from the module it left. */
function memoryPlanAfter(history: readonly PassRun[]): MemoryPlan | undefined {
  const planned = history.find((run) => run.pass.name === "plan-memory");
  return planned && memoryPlanOf(planned.module);
}

/** A model's name for people: its file's, without the ending. */
export const modelNameOf = (path: string): string => basename(path, extname(path));
