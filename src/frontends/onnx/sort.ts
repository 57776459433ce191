import type { OnnxNode } from "./graph.ts";
import { namesReadBy } from "./subgraphs.ts";

/**
 * The nodes in topological order, each as early as its place in the list and its operands allow: a sorted list stays as it is.
 * With a cycle, `cycle` is the paths of its nodes, and the nodes are returned unsorted. Iterative: chains may be long.
 */
export function sortNodes(nodes: readonly OnnxNode[]): {
  readonly sorted: readonly OnnxNode[];
  readonly cycle: readonly string[] | undefined;
} {
  const definer = new Map<string, number>();
  nodes.forEach((node, index) => {
    for (const name of node.outputs) if (name !== "" && !definer.has(name)) definer.set(name, index);
  });
  const operands = nodes.map((node) =>
    [...namesReadBy(node)].map((name) => definer.get(name)).filter((index) => index !== undefined),
  );

  const sorted: OnnxNode[] = [];
  const state = new Uint8Array(nodes.length);
  const [waiting, done] = [1, 2];
  for (let root = 0; root < nodes.length; root++) {
    if (state[root] === done) continue;
    const stack = [{ index: root, next: 0 }];
    state[root] = waiting;
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const operand = operands[top.index]![top.next++];
      if (operand === undefined) {
        state[top.index] = done;
        sorted.push(nodes[top.index]!);
        stack.pop();
      } else if (state[operand] === waiting) {
        const from = stack.findIndex(({ index }) => index === operand);
        return { sorted: nodes, cycle: stack.slice(from).map(({ index }) => nodes[index]!.path) };
      } else if (state[operand] !== done) {
        state[operand] = waiting;
        stack.push({ index: operand, next: 0 });
      }
    }
  }
  return { sorted, cycle: undefined };
}
