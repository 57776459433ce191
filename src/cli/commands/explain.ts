import { type Command, Option } from "commander";
import { compileModule, modelNameOf, readModel } from "../../backends/compile-model.ts";
import { backends } from "../../backends/index.ts";
import type { Module } from "../../ir/module.ts";
import { type ExplainedNode, explainGraph } from "../../passes/lower-onnx/explain.ts";
import { type PlacementReport, placementReport, type ReportedStep } from "../../passes/place/placement-report.ts";
import { describeLocation, type Location } from "../../support/location.ts";
import { givenBackendOptions, namedAs, withBackendOptions } from "../backend-options.ts";
import { forLiveAdapter } from "../live-adapter.ts";
import { modelChoices, type ModelOptions, withModelOptions } from "../model-options.ts";
import { bytesText, printable, table } from "../table.ts";

interface ExplainOptions extends ModelOptions {
  readonly target: string;
}

/** `weft explain`: for each node, where it runs and why it cannot run elsewhere. */
export function addExplainCommand(program: Command): void {
  const command = program
    .command("explain")
    .argument("<model>", "an .onnx model")
    .description("list, for each node, where it runs and why, and what is moved between host and device")
    .addOption(new Option("--target <name>", "backend").choices(backends.map(({ name }) => name)).default("c"));
  withBackendOptions(withModelOptions(command)).action(async (path: string, options: ExplainOptions) => {
    const module = readModel(path, modelChoices(options));
    const nodes = explainGraph(module);
    const isRefused = nodes.some(({ fate }) => fate.kind === "refused");
    const report = isRefused ? undefined : await reportFor(module, path, options);
    process.stdout.write(`${nodeTable(nodes, options.target, report)}\n\n`);
    if (report && report.transfers.length > 0) process.stdout.write(`${transferTable(report)}\n\n`);
    process.stdout.write(`${totals(nodes, options.target, report)}\n`);
    if (isRefused) process.exitCode = 1;
  });
}

/** Where the parts of a model run, for a target that is a device beside the host. */
async function reportFor(graph: Module, path: string, options: ExplainOptions): Promise<PlacementReport | undefined> {
  const { target } = options;
  if (target !== "wgsl") return undefined;
  const { module, options: given } = await forLiveAdapter(graph, givenBackendOptions(options, target));
  const request = {
    target,
    modelName: modelNameOf(path),
    options: { ...namedAs(target, modelNameOf(path)), ...given },
  };
  return placementReport(compileModule(module, request).module);
}

const placeOf = (location: Location): string => printable(describeLocation(location)).replace(/^.*: /, "");
const pathOf = (location: Location): string => (location.kind === "name" ? location.name : "");

/** The steps that a node has a part in. */
const stepsOf = (node: ExplainedNode, { steps }: PlacementReport): readonly ReportedStep[] =>
  steps.filter((step) => step.nodes.has(pathOf(node.location)));

/** Names of steps, each once; of many, the first ones. */
function namesOf(steps: readonly ReportedStep[]): string {
  const names = [...new Set(steps.map(({ name }) => name))];
  return names.slice(0, 3).join(", ") + (names.length > 3 ? `, and ${names.length - 3} more` : "");
}

function whereAndWhy(
  node: ExplainedNode,
  target: string,
  report: PlacementReport | undefined,
): readonly [where: string, why: string] {
  const { fate } = node;
  if (fate.kind === "refused") return ["refused", printable(fate.reason)];
  if (fate.kind === "folded") return ["compile time", "every operand is known"];
  if (target !== "wgsl") return [target, ""];
  if (!report) return ["", "not compiled: other nodes are refused"];
  const steps = stepsOf(node, report);
  const host = steps.filter(({ side }) => side === "host");
  const kernels = steps.filter(({ side }) => side === "device");
  const reasons = [...new Set(host.map(({ reason }) => reason))].join("; ");
  if (steps.length === 0) return ["nowhere", "a view of its operand, or simplified away"];
  if (host.length === 0) return ["device", namesOf(kernels)];
  const where = kernels.length === 0 ? "host" : "both";
  return [where, printable(`${namesOf([...host, ...kernels])}: ${reasons}`)];
}

function nodeTable(nodes: readonly ExplainedNode[], target: string, report: PlacementReport | undefined): string {
  const rows = nodes.map((node) => [
    placeOf(node.location),
    node.op,
    node.results.join(", "),
    ...whereAndWhy(node, target, report),
  ]);
  return table(["node", "operator", "results", "runs", target === "wgsl" ? "in, and why" : "why"], rows);
}

function transferTable({ transfers }: PlacementReport): string {
  const rows = transfers.map(({ buffer, to, bytes, host }) => [printable(buffer), `to ${to}`, host, bytesText(bytes)]);
  return table(["transfer", "direction", "for", "size"], rows);
}

function totals(nodes: readonly ExplainedNode[], target: string, report: PlacementReport | undefined): string {
  const count = (kind: string): number => nodes.filter(({ fate }) => fate.kind === kind).length;
  const rest = `${count("folded")} computed at compile time, ${count("refused")} refused`;
  if (!report) return `${count("compiled")} nodes compiled to ${target}, ${rest}`;
  const of = (side: string): readonly ReportedStep[] => report.steps.filter((step) => step.side === side);
  const compiled = nodes.filter(({ fate }) => fate.kind === "compiled");
  const onHost = compiled.filter((node) => stepsOf(node, report).some(({ side }) => side === "host")).length;
  const onDevice = compiled.filter((node) => {
    const steps = stepsOf(node, report);
    return steps.length > 0 && steps.every(({ side }) => side === "device");
  }).length;
  const bytes = report.transfers.reduce((sum, transfer) => sum + transfer.bytes, 0);
  return (
    `${onDevice} nodes on the device (${of("device").length} launches), ${onHost} on the host (${of("host").length} functions), ` +
    `${compiled.length - onDevice - onHost} as views, ${rest}\n` +
    `${report.transfers.length} transfers of ${bytesText(bytes)} in a run`
  );
}
