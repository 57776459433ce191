import { bodyOf, type IrReader, ModuleReader, type Module, type Operation, parentOf, walk } from "../src/ir/module.ts";
import { storageBytes } from "../src/support/numeric/element-type.ts";
import { hostElementType, type Type } from "../src/ir/types.ts";

function bytesOf(type: Type): number {
  if (type.kind !== "tensor") return 0;
  const element = hostElementType(type.element);
  if (element === undefined || element === "string") return 0;
  return type.shape.reduce<number>((product, size) => product * Number(size), storageBytes(element));
}

/**
 * The largest sum of live tensors of a graph whose nodes run in their order, each output in memory of its own: what a runtime that
 * fuses nothing needs at least. Inputs, outputs and weights are left out, as they are of an arena.
 * @param module of the onnx level, with static shapes
 */
export function graphPeak(module: Module): number {
  const reader = new ModuleReader(module);
  const main = [...walk(reader)].find((op) => op.name === "func.func")!;
  const nodes = bodyOf(reader, main);
  const positions = new Map(nodes.map((op, position) => [op.id, position]));
  const returned = new Set(nodes.at(-1)!.operands);
  const changes = Array.from<number>({ length: nodes.length + 1 }).fill(0);
  for (const [position, node] of nodes.entries()) {
    if (node.name === "arith.constant") continue;
    for (const result of node.results) {
      if (returned.has(result)) continue;
      const users = reader
        .uses(result)
        .map(({ op }) => positions.get(nodeAround(reader, reader.operation(op), main).id)!);
      const bytes = bytesOf(reader.typeOf(result));
      changes[position]! += bytes;
      changes[Math.max(position, ...users) + 1]! -= bytes;
    }
  }
  let [live, peak] = [0, 0];
  for (const change of changes) peak = Math.max(peak, (live += change));
  return peak;
}

/** The node of the outermost graph that `op` is, or is inside of. */
function nodeAround(reader: IrReader, op: Operation, main: Operation): Operation {
  const parent = parentOf(reader, op);
  return parent === undefined || parent.id === main.id ? op : nodeAround(reader, parent, main);
}
