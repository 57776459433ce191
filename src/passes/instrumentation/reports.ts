import type { AnyPass } from "../pass.ts";
import type { Pipeline, PipelineElement } from "../pipeline.ts";
import type { PassRun } from "./pass-run.ts";

const rule = `===${"-".repeat(73)}===`;
const heading = (title: string): string => {
  const text = `... ${title} ...`;
  return `${rule}\n${" ".repeat(Math.max(0, Math.floor((rule.length - text.length) / 2)))}${text}\n${rule}\n`;
};
const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** The time spent in a part of a pipeline. */
export interface TimingNode {
  readonly name: string;
  readonly milliseconds: number;
  readonly children: readonly TimingNode[];
}

/** How long each pass took, in the shape of the pipeline; runs on several functions are added up. */
export function timingTree(pipeline: Pipeline, runs: readonly PassRun[], total: number): TimingNode {
  const runsOf = Map.groupBy(runs, (run) => run.element);
  const node = (element: PipelineElement): TimingNode => {
    if (element.kind === "pass") {
      const own = runsOf.get(element) ?? [];
      const verify = sumOf(own.map((run) => run.verifyMilliseconds));
      const children = verify > 0 ? [{ name: "(V) verify", milliseconds: verify, children: [] }] : [];
      return { name: element.pass.name, milliseconds: sumOf(own.map((run) => run.milliseconds)) + verify, children };
    }
    const children = element.elements.map(node);
    const milliseconds = sumOf(children.map((child) => child.milliseconds));
    return { name: `'${element.anchor}' Pipeline`, milliseconds, children };
  };
  const children = pipeline.elements.map(node);
  const rest = Math.max(0, total - sumOf(children.map((child) => child.milliseconds)));
  return {
    name: "Total",
    milliseconds: total,
    children: [...children, { name: "Rest", milliseconds: rest, children: [] }],
  };
}

/** The table that `mlir-opt --mlir-timing` prints. */
export function timingReport(tree: TimingNode): string {
  const line = (node: TimingNode, depth: number): string => {
    const share = tree.milliseconds === 0 ? 0 : (100 * node.milliseconds) / tree.milliseconds;
    return `  ${(node.milliseconds / 1000).toFixed(4).padStart(8)} (${share.toFixed(1).padStart(5)}%)  ${"  ".repeat(depth)}${node.name}`;
  };
  const lines: string[] = [];
  const visit = (node: TimingNode, depth: number): void => {
    lines.push(line(node, depth));
    for (const child of node.children) visit(child, depth + 1);
  };
  for (const child of tree.children) visit(child, 0);
  lines.push(line(tree, 0));
  const total = `  Total Execution Time: ${(tree.milliseconds / 1000).toFixed(4)} seconds\n`;
  return `${heading("Execution time report")}${total}\n  ----Wall Time----  ----Name----\n${lines.join("\n")}\n`;
}

/** What one pass of a pipeline counted. */
export interface PassStatistics {
  readonly pass: AnyPass;
  readonly element: PipelineElement;
  readonly counts: Readonly<Record<string, number>>;
}

/** The statistics of every pass of the pipeline in order; runs on several functions are added up. */
export function collectStatistics(pipeline: Pipeline, runs: readonly PassRun[]): readonly PassStatistics[] {
  const runsOf = Map.groupBy(runs, (run) => run.element);
  const collected: PassStatistics[] = [];
  const visit = (element: PipelineElement): void => {
    if (element.kind === "nest") return element.elements.forEach(visit);
    const counts: Record<string, number> = Object.fromEntries(
      Object.keys(element.pass.statistics).map((name) => [name, 0]),
    );
    for (const run of runsOf.get(element) ?? [])
      for (const [name, count] of run.statistics) counts[name] = (counts[name] ?? 0) + count;
    collected.push({ pass: element.pass, element, counts });
  };
  visit(pipeline);
  return collected;
}

/** The table that `mlir-opt --mlir-pass-statistics` prints. */
export function statisticsReport(pipeline: Pipeline, statistics: readonly PassStatistics[]): string {
  const of = new Map(statistics.map((entry) => [entry.element, entry]));
  const lines: string[] = [];
  const visit = (element: PipelineElement, indent: string): void => {
    if (element.kind === "nest") {
      lines.push(`${indent}'${element.anchor}' Pipeline`);
      for (const inner of element.elements) visit(inner, `${indent}  `);
      return;
    }
    lines.push(`${indent}${element.pass.name}`);
    for (const [name, count] of Object.entries(of.get(element)?.counts ?? {})) {
      const meaning = element.pass.statistics[name];
      lines.push(`${indent}  (S) ${count} ${name}${meaning === undefined ? "" : ` - ${meaning}`}`);
    }
  };
  visit(pipeline, "");
  return `${heading("Pass statistics report")}${lines.join("\n")}\n`;
}
