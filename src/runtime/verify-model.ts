import { type ModelChoices, modelNameOf, readModel } from "../backends/compile-model.ts";
import { bakedTensors } from "../frontends/onnx/bake-inputs.ts";
import { loadOnnxModel } from "../frontends/onnx/load.ts";
import type { Module } from "../ir/module.ts";
import type { Tolerance } from "../support/numeric/compare.ts";
import type { HostTensor } from "../support/numeric/host-tensor.ts";
import { compareOutputs, type Feedback, type OutputComparison, withFeedback } from "./compare-runs.ts";
import { type Executor, executorFor, type Port } from "./executor.ts";
import { OnnxRuntimeModel } from "./onnxruntime.ts";

type Values = ReadonlyMap<string, HostTensor>;

/** What a verification is asked for. */
export interface VerifyRequest {
  readonly path: string;
  readonly choices: ModelChoices;
  /** `interpreter`, or backends by name. */
  readonly targets: readonly string[];
  /** The options of a target's backend. */
  readonly options?: (target: string) => Readonly<Record<string, unknown>>;
  /** Compare with ONNX Runtime too. */
  readonly againstOnnxRuntime: boolean;
  readonly steps: number;
  readonly feedback: readonly Feedback[];
  readonly tolerance: Tolerance;
  /** Fresh inputs of a step. */
  readonly inputs: (ports: readonly Port[], step: number) => Values;
  readonly progress?: (text: string) => void;
}

/** One output of one target in one step, compared with one reference. */
export interface VerifiedOutput {
  readonly step: number;
  readonly target: string;
  readonly reference: string;
  readonly comparison: OutputComparison;
}

/** A verification's results, with the module for a closer look. */
export interface Verification {
  readonly module: Module;
  readonly ports: readonly Port[];
  readonly outputs: readonly VerifiedOutput[];
}

interface Runner {
  readonly name: string;
  run(inputs: Values): Promise<Values> | Values;
}

/**
 * Runs a model on every target and compares each with ONNX Runtime and with the interpreter. With feedback, every runner is fed
 * its own earlier outputs, so that errors add up as they would in use.
 */
export async function verifyModel(request: VerifyRequest): Promise<Verification> {
  const { path, targets, progress } = request;
  const module = readModel(path, request.choices);
  const executors: Executor[] = [];
  for (const target of targets) {
    progress?.(`compiling for ${target}`);
    executors.push(
      await executorFor(module, { target, modelName: modelNameOf(path), options: request.options?.(target) ?? {} }),
    );
  }
  const ports = executors[0]!.inputs;
  const runners: Runner[] = executors.map((executor) => ({
    name: executor.target,
    run: (inputs) => executor.run(inputs),
  }));
  const runtime = request.againstOnnxRuntime ? await OnnxRuntimeModel.load(path) : undefined;
  if (runtime) {
    // Inputs that are constants here are inputs there.
    const baked = bakedTensors(loadOnnxModel(path), request.choices.constants ?? new Map());
    runners.push({ name: "onnxruntime", run: (inputs) => runtime.run(new Map([...baked, ...inputs])) });
  }
  const references = ["onnxruntime", "interpreter"].filter((name) => runners.some((runner) => runner.name === name));
  const outputs: VerifiedOutput[] = [];
  let last = new Map<string, Values>();
  for (let step = 0; step < request.steps; step++) {
    progress?.(`step ${step + 1} of ${request.steps}`);
    const fresh = request.inputs(ports, step);
    const now = new Map<string, Values>();
    for (const runner of runners)
      now.set(runner.name, await runner.run(withFeedback(fresh, last.get(runner.name), request.feedback)));
    last = now;
    for (const reference of references)
      for (const target of targets)
        if (target !== reference)
          for (const comparison of compareOutputs(now.get(target)!, now.get(reference)!, request.tolerance))
            outputs.push({ step, target, reference, comparison });
  }
  await runtime?.dispose();
  for (const executor of executors) executor.dispose();
  return { module, ports, outputs };
}
