import type { Diagnostic } from "../../../support/diagnostic.ts";
import { throwOnErrors } from "../../../support/diagnostic.ts";
import type { HostTensor } from "../../../support/numeric/host-tensor.ts";
import { collecting } from "../diagnostics.ts";
import { newestOpset, type OnnxGraph, type OnnxModel, type OnnxNode, type OnnxType } from "../graph.ts";
import { FreshNames } from "../names.ts";
import { allNames, mapSubgraphs, namesReadBy } from "../subgraphs.ts";
import { controlFlowUpgrades } from "./control-flow.ts";
import { elementwiseUpgrades } from "./elementwise.ts";
import { normalizationUpgrades } from "./normalization.ts";
import { poolingUpgrades } from "./pooling.ts";
import { resamplingUpgrades } from "./resampling.ts";
import { Rewriting, type ValueScope } from "./rewriting.ts";
import { shapeUpgrades } from "./shapes.ts";
import type { Upgrade } from "./table.ts";

/**
 * Every change of an operator's meaning or form between operator sets 1 and 27 of `ai.onnx`. A version that only admits more
 * element types, ranks or defaulted attributes needs no entry: its older nodes already mean the same by the newest text.
 *
 * Not expressible in the newest form, and kept as they are: Resize's coordinate_transformation_mode `tf_half_pixel_for_nn`,
 * which operator set 13 dropped.
 */
export const upgrades: readonly Upgrade[] = [
  ...elementwiseUpgrades,
  ...shapeUpgrades,
  ...normalizationUpgrades,
  ...poolingUpgrades,
  ...resamplingUpgrades,
  ...controlFlowUpgrades,
];

const key = (domain: string, opType: string): string => `${domain}:${opType}`;

/** The entries of each operator, oldest first. */
const entriesOf: ReadonlyMap<string, readonly Upgrade[]> = (() => {
  const table = new Map<string, Upgrade[]>();
  for (const entry of upgrades) {
    const name = key(entry.domain, entry.opType);
    table.set(
      name,
      [...(table.get(name) ?? []), entry].sort((a, b) => a.through - b.through),
    );
  }
  return table;
})();

/**
 * Brings every node of `ai.onnx`, in subgraphs too, to the form of {@link newestOpset}, entry by entry of {@link upgrades}.
 * Nodes of other domains stay as they are.
 * @throws CompileError with every node that has no newest form
 */
export function upgradeModel(model: OnnxModel): OnnxModel {
  const diagnostics: Diagnostic[] = [];
  const upgrader = new Upgrader(model.source, new FreshNames(allNames(model.graph)), diagnostics);
  const graph = upgrader.graph(model.graph, undefined);
  throwOnErrors(diagnostics);
  const opsets = new Map(model.opsets);
  opsets.set("", newestOpset);
  return { ...model, graph, opsets };
}

class Upgrader {
  readonly #file: string;
  readonly #fresh: FreshNames;
  readonly #diagnostics: Diagnostic[];

  constructor(file: string, fresh: FreshNames, diagnostics: Diagnostic[]) {
    this.#file = file;
    this.#fresh = fresh;
    this.#diagnostics = diagnostics;
  }

  graph(graph: OnnxGraph, outer: ValueScope | undefined): OnnxGraph {
    const initializers = new Map(graph.initializers);
    const scope = scopeOf(graph, initializers, outer);
    const nodes: OnnxNode[] = [];
    for (const node of graph.nodes) {
      const upgraded = collecting(this.#diagnostics, () => this.#upgrade(node, scope, initializers)) ?? [];
      for (const result of upgraded) nodes.push(mapSubgraphs(result, (inner) => this.graph(inner, scope)));
    }
    return { ...graph, nodes, initializers };
  }

  /** The newest form of one node; its helper constants are added to `initializers`. */
  #upgrade(node: OnnxNode, scope: ValueScope, initializers: Map<string, HostTensor>): readonly OnnxNode[] {
    const entry = entriesOf.get(key(node.domain, node.opType))?.find(({ through }) => node.version <= through);
    if (entry === undefined) return [node.domain === "" ? { ...node, version: newestOpset } : node];
    const rewriting = new Rewriting(node, entry.through + 1, scope, this.#fresh, this.#file);
    entry.rewrite(node, rewriting);
    for (const [name, tensor] of rewriting.constants) initializers.set(name, tensor);
    return rewriting.nodes.flatMap((result) => this.#upgrade(result, scope, initializers));
  }
}

function scopeOf(
  graph: OnnxGraph,
  initializers: ReadonlyMap<string, HostTensor>,
  outer: ValueScope | undefined,
): ValueScope {
  const declared = new Map<string, OnnxType>(graph.valueInfo);
  for (const { name, type } of [...graph.outputs, ...graph.inputs]) if (type !== undefined) declared.set(name, type);
  let used: Set<string> | undefined;
  return {
    typeOf(name) {
      const tensor = initializers.get(name);
      if (tensor !== undefined) return { kind: "tensor", elementType: tensor.elementType, shape: tensor.shape };
      return declared.get(name) ?? outer?.typeOf(name);
    },
    constantOf: (name) => initializers.get(name) ?? outer?.constantOf(name),
    isUsed(name) {
      used ??= new Set([
        ...graph.outputs.map((output) => output.name),
        ...graph.nodes.flatMap((node) => [...namesReadBy(node)]),
      ]);
      return used.has(name);
    },
  };
}
