import type { OnnxValue } from "../../frontends/onnx/tensor-file.ts";
import { CompileError } from "../../support/diagnostic.ts";
import { compareTensors, type Tolerance } from "../../support/numeric/compare.ts";

/** Where a model ran on a target with a device: all of it there, or some of its parts on the host. */
export type Placement = "device" | "device and host";

/** What became of a test. `unsupported` is an honest refusal: the compiler said what it cannot do. */
export type Outcome =
  | { readonly kind: "passed"; readonly placement?: Placement }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "unsupported"; readonly reason: string };

/** Diagnostics that refuse a model for what it asks, rather than for being wrong. */
const refusals: ReadonlySet<string> = new Set([
  "onnx/unsupported",
  "onnx/unsupported-op",
  "onnx/dynamic-input",
  "onnx/structured-result",
  "backend/not-legal",
  "backend/unsupported-type",
  "wide-integers/operation",
]);

/** The outcome of an error: a refusal if every one of its diagnostics is. */
export function outcomeOfError(error: unknown): Outcome {
  if (!(error instanceof CompileError)) return { kind: "failed", reason: `internal: ${String(error)}` };
  const reason = [...new Set(error.diagnostics.map(({ code, message }) => `${code}: ${message}`))].join("; ");
  const isRefusal = error.diagnostics.length > 0 && error.diagnostics.every(({ code }) => refusals.has(code));
  return { kind: isRefusal ? "unsupported" : "failed", reason };
}

/** Compares a model's outputs with the expected ones. */
export function outcomeOfValues(
  actual: readonly OnnxValue[],
  expected: readonly OnnxValue[],
  tolerance: Tolerance,
): Outcome {
  if (actual.length !== expected.length)
    return { kind: "failed", reason: `${actual.length} outputs instead of ${expected.length}` };
  for (const [index, value] of actual.entries()) {
    const problem = difference(value, expected[index]!, tolerance);
    if (problem) return { kind: "failed", reason: `output ${index}: ${problem}` };
  }
  return { kind: "passed" };
}

/** What is wrong with a value, or undefined. A tensor stands for an optional that holds it, as ONNX's test data has it. */
function difference(actual: OnnxValue, expected: OnnxValue, tolerance: Tolerance): string | undefined {
  if (expected.kind === "optional" || actual.kind === "optional") {
    const [left, right] = [actual, expected].map((value) => (value.kind === "optional" ? value.value : value));
    if (!left || !right) return left === right ? undefined : "one optional is empty, the other is not";
    return difference(left, right, tolerance);
  }
  if (actual.kind === "sequence" || expected.kind === "sequence") {
    if (actual.kind !== "sequence" || expected.kind !== "sequence")
      return `a ${actual.kind} instead of a ${expected.kind}`;
    if (actual.elements.length !== expected.elements.length)
      return `${actual.elements.length} elements instead of ${expected.elements.length}`;
    for (const [index, element] of actual.elements.entries()) {
      const problem = difference(element, expected.elements[index]!, tolerance);
      if (problem) return `element ${index}: ${problem}`;
    }
    return undefined;
  }
  const compared = compareTensors(actual.tensor, expected.tensor, tolerance);
  switch (compared.kind) {
    case "equal":
    case "close":
      return undefined;
    case "different":
      return (
        `${compared.mismatches} elements differ, worst at ${compared.worstIndex}` +
        ` (${String(actual.tensor.data[compared.worstIndex])} instead of ${String(expected.tensor.data[compared.worstIndex])});` +
        ` max abs ${compared.maxAbsoluteError.toExponential(2)}, max rel ${compared.maxRelativeError.toExponential(2)}`
      );
    case "shape-mismatch":
      return `shape [${compared.actual}] instead of [${compared.expected}]`;
    case "type-mismatch":
      return `type ${compared.actual} instead of ${compared.expected}`;
  }
}
