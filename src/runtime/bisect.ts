import { entryOf } from "../interpreter/entry.ts";
import { type Module, ModuleReader, type Operation, type ValueId } from "../ir/module.ts";
import { Rewriter } from "../ir/rewriter.ts";
import { arrayAttribute, dictionaryAttribute, stringAttribute } from "../ir/attributes.ts";
import { functionType } from "../ir/types.ts";
import type { Location } from "../support/location.ts";
import { compareTensors, type Tolerance } from "../support/numeric/compare.ts";
import type { ElementType } from "../support/numeric/element-type.ts";
import type { HostTensor } from "../support/numeric/host-tensor.ts";
import { evaluateGraph } from "../passes/lower-onnx/evaluate-graph.ts";
import { executorFor, inputPorts } from "./executor.ts";

/** The first node whose results differ. */
export interface DifferingNode {
  readonly op: string;
  readonly location: Location;
  readonly detail: string;
}

/**
 * Finds the first node of an onnx-level module whose result on `target` differs from the interpreter's: the graph is cut after a
 * node and compiled again, at the middle of what is left each time.
 */
export async function bisect(
  module: Module,
  target: string,
  inputs: ReadonlyMap<string, HostTensor>,
  tolerance: Tolerance,
  progress: (text: string) => void,
): Promise<DifferingNode | undefined> {
  const reader = new ModuleReader(module);
  const entry = entryOf(module).op;
  const expected = new Map<ValueId, HostTensor>();
  const ordered = inputPorts(module).map(({ name }) => ({ kind: "tensor" as const, tensor: inputs.get(name)! }));
  evaluateGraph(module, entry, ordered, (value, computed) => {
    if (computed.kind === "tensor") expected.set(value as ValueId, computed.tensor);
  });
  const nodes = reader
    .block(entry.regions[0]![0]!)
    .operations.map((id) => reader.operation(id))
    .filter((op) => op.name.startsWith("onnx.") && op.results.some((result) => expected.has(result)));
  const differs = async (node: Operation): Promise<string | undefined> => {
    const values = node.results.filter((result) => expected.has(result));
    const executor = await executorFor(
      cutAfter(
        module,
        entry,
        values,
        values.map((value) => expected.get(value)!.elementType),
      ),
      { target },
    );
    const outputs = [...(await executor.run(inputs)).values()];
    executor.dispose();
    for (const [index, value] of values.entries()) {
      const comparison = compareTensors(outputs[index]!, expected.get(value)!, tolerance);
      if (comparison.kind === "different")
        return `max abs ${comparison.maxAbsoluteError.toExponential(2)}, ${comparison.mismatches} elements`;
      if (comparison.kind.endsWith("mismatch")) return comparison.kind;
    }
    return undefined;
  };
  let [low, high] = [0, nodes.length - 1];
  let found: DifferingNode | undefined;
  while (low <= high) {
    const middle = (low + high) >> 1;
    progress(`bisecting: nodes ${low} to ${high} of ${nodes.length}`);
    const detail = await differs(nodes[middle]!);
    if (detail === undefined) low = middle + 1;
    else {
      found = { op: nodes[middle]!.name, location: nodes[middle]!.location, detail };
      high = middle - 1;
    }
  }
  return found;
}

/** The module with its entry function returning other values. */
function cutAfter(
  module: Module,
  entry: Operation,
  values: readonly ValueId[],
  elements: readonly ElementType[],
): Module {
  const rewriter = new Rewriter(module);
  const block = rewriter.block(entry.regions[0]![0]!);
  rewriter.setOperands(block.operations.at(-1)!, values);
  const type = functionType(
    block.arguments.map((argument) => rewriter.typeOf(argument)),
    values.map((value) => rewriter.typeOf(value)),
  );
  const names = elements.map((element, index) =>
    dictionaryAttribute({
      "weft.name": stringAttribute(`result${index}`),
      "weft.element": stringAttribute(element),
    }),
  );
  rewriter.update(entry.id, {
    properties: { ...entry.properties, function_type: { kind: "type", type }, res_attrs: arrayAttribute(names) },
  });
  return rewriter.commit().module;
}
