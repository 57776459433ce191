import { newestOpset, type OnnxGraph, type OnnxNode, type OnnxType, type OnnxValueInfo } from "../graph.ts";
import { intAttribute, type Rewriting } from "./rewriting.ts";
import { type Rewrite, type Upgrade, upgrade } from "./table.ts";

/**
 * Scan of operator set 8 ran once for each sample of a batch: states have the batch in front, scanned values and outputs
 * batch and sequence. The newest form has no batch, so the batch becomes a Scan around the Scan: its body takes one sample of
 * every state and scanned value, and stacks the final states and scan outputs.
 */
const scan8: Rewrite = (node, to) => {
  const [lengths = "", ...operands] = node.inputs;
  if (lengths !== "") to.refuse("sequences of different lengths in a batch have no newer form");
  const scanned = to.required("num_scan_inputs", to.int("num_scan_inputs"));
  const body = to.required("body", node.attributes.get("body"));
  if (body.kind !== "graph" || scanned < 1 || scanned > operands.length)
    return to.refuse("its attributes are not valid");
  const samples = operands.map((_, index) => to.name(`sample_${index}`));
  const results = body.graph.outputs.map((_, index) => to.name(`result_${index}`));
  const directions = to.intList("directions");
  const inner: OnnxNode = {
    ...node,
    version: newestOpset,
    inputs: samples,
    outputs: results,
    path: `${node.path}.body/Scan_0`,
    attributes: new Map([
      ["body", body],
      ["num_scan_inputs", intAttribute(scanned)],
      ...(directions === undefined
        ? []
        : [["scan_input_directions", { kind: "ints", values: directions } as const] as const]),
    ]),
  };
  const batchBody: OnnxGraph = {
    name: `${body.graph.name}_of_batch`,
    inputs: samples.map((name, index) => ({ name, type: sampleType(operands[index]!, to) })),
    outputs: results.map((name, index): OnnxValueInfo => ({ name, type: resultType(index) })),
    nodes: [inner],
    initializers: new Map(),
    valueInfo: new Map(),
  };
  to.next(node, {
    inputs: operands,
    without: ["directions"],
    set: { body: { kind: "graph", graph: batchBody }, num_scan_inputs: intAttribute(operands.length) },
  });

  /** The element type of a body output; its shape differs between states and scan outputs and is left open. */
  function resultType(index: number): OnnxType | undefined {
    const type = body.kind === "graph" ? body.graph.outputs[index]?.type : undefined;
    return type?.kind === "tensor" ? { ...type, shape: undefined } : undefined;
  }
};

/** The type of one sample of a batch. */
function sampleType(name: string, to: Rewriting): OnnxType | undefined {
  const type = to.scope.typeOf(name);
  return type?.kind === "tensor" ? { ...type, shape: type.shape?.slice(1) } : undefined;
}

/** Changes of control flow. */
export const controlFlowUpgrades: readonly Upgrade[] = [upgrade("", "Scan", { through: 8 }, scan8)];
