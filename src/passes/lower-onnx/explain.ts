import { type Module, ModuleReader, type Operation } from "../../ir/module.ts";
import type { Location } from "../../support/location.ts";
import type { Lowered } from "./lowering.ts";
import { lowerWithObserver, onnxFunctions } from "./lower-onnx.ts";

/** What became of a node. */
export type NodeFate =
  | { readonly kind: "compiled" }
  /** Computed while compiling. */
  | { readonly kind: "folded" }
  | { readonly kind: "refused"; readonly reason: string };

export interface ExplainedNode {
  readonly op: string;
  readonly location: Location;
  /** `f32[1, 3]` for each result. */
  readonly results: readonly string[];
  readonly fate: NodeFate;
}

/** What becomes of every node of a graph, in order. */
export function explainGraph(module: Module): readonly ExplainedNode[] {
  const reader = new ModuleReader(module);
  return onnxFunctions(reader).flatMap((entry) => {
    const lowered = new Map<number, Lowered>();
    const diagnostics = lowerWithObserver(module, entry, (value, result) => lowered.set(value, result));
    const reasons = new Map(diagnostics.map((diagnostic) => [diagnostic.location, diagnostic.message]));
    return reader
      .block(entry.regions[0]![0]!)
      .operations.map((id) => reader.operation(id))
      .filter((op) => op.name.startsWith("onnx.") && op.name !== "onnx.Yield")
      .map((op) => ({
        op: op.name,
        location: op.location,
        results: op.results.map((result) => describe(lowered.get(result))),
        fate: fateOf(op, lowered, reasons),
      }));
  });
}

const describe = (lowered: Lowered | undefined): string =>
  lowered?.kind === "tensor" ? `${lowered.element.text}[${lowered.shape.join(", ")}]` : (lowered?.kind ?? "?");

function fateOf(
  op: Operation,
  lowered: ReadonlyMap<number, Lowered>,
  reasons: ReadonlyMap<Location, string>,
): NodeFate {
  const results = op.results.map((result) => lowered.get(result));
  if (results.some((result) => result === undefined))
    return { kind: "refused", reason: reasons.get(op.location) ?? "an operand comes from a refused node" };
  return results.every((result) => result!.kind === "tensor" && result!.constant !== undefined)
    ? { kind: "folded" }
    : { kind: "compiled" };
}
