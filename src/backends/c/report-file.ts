import type { ArtifactTensor } from "../artifact.ts";
import type { CompilationRecord, PassRecord } from "../backend.ts";
import type { EntryPoint } from "./interface.ts";
import type { PrintedModule } from "./module-printer.ts";
import type { COptions } from "./options.ts";

/** What the report is made of. */
export interface ReportInput {
  readonly modelName: string;
  readonly entry: EntryPoint;
  readonly printed: PrintedModule;
  readonly options: COptions;
  readonly record: CompilationRecord;
  /** The backend's own passes. */
  readonly passes: readonly PassRecord[];
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
/** Any text as HTML text or attribute value; control characters are shown as a replacement. */
export const escapeHtml = (text: string, longest = 300): string =>
  (text.length > longest ? `${text.slice(0, longest)}…` : text)
    .replace(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, "\ufffd")
    .replace(/[&<>"']/g, (character) => entities[character]!);

const bytesText = (bytes: number): string => {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["KiB", "MiB", "GiB"];
  let size = bytes;
  let unit = -1;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${size.toFixed(size < 10 ? 2 : 1)} ${units[unit]}`;
};

type Cell = string | number;
function table(caption: string, heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  if (rows.length === 0) return "";
  const cell = (value: Cell) =>
    typeof value === "number"
      ? `<td class="number">${value.toLocaleString("en")}</td>`
      : `<td>${escapeHtml(value)}</td>`;
  const head = heads.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join("");
  const body = rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("\n");
  return `<section><h2>${escapeHtml(caption)}</h2><div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div></section>`;
}

const tensorRow = (kind: string) => (tensor: ArtifactTensor) => [
  kind,
  tensor.name,
  tensor.elementType,
  tensor.shape.length === 0 ? "scalar" : tensor.shape.join(" × "),
  bytesText(tensor.bytes),
];
const passRow = ({ name, milliseconds, statistics }: PassRecord) => [
  name,
  `${milliseconds.toFixed(1)} ms`,
  Object.entries(statistics)
    .map(([counter, value]) => `${counter} ${value}`)
    .join(", "),
];

const style = `
:root { color-scheme: light dark; --line: #d5d9de; --soft: #5b6470; --accent: #2563ab; --panel: #f5f7f9; }
@media (prefers-color-scheme: dark) { :root { --line: #3a4048; --soft: #a3adb8; --accent: #7db4ef; --panel: #1d2126; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; }
.facts div { background: var(--panel); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; }
.facts dt { color: var(--soft); font-size: .85rem; } .facts dd { margin: 0; font-size: 1.15rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .7rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; vertical-align: top; }
th { color: var(--soft); font-weight: 600; } .number { text-align: right; font-variant-numeric: tabular-nums; }
footer { color: var(--soft); margin-top: 3rem; }`;

/** The text of `report.html`: one file without anything from outside, and no text of the model's unescaped. */
export function reportFile({ modelName, entry, printed, options, record, passes }: ReportInput): string {
  const lower = record.arenaLowerBound;
  const overhead =
    lower === undefined || lower === 0 ? "" : ` (${((100 * entry.arenaBytes) / lower).toFixed(1)} % of it)`;
  const facts: readonly (readonly [string, string])[] = [
    ["working memory", bytesText(entry.arenaBytes)],
    ["least possible", lower === undefined ? "not computed" : `${bytesText(lower)}${overhead}`],
    ["weights", bytesText(printed.weights.bytes)],
    ["kernels", String(printed.kernels.length)],
    ["dialect", options.cDialect],
    ["threads", String(options.threads)],
  ];
  const factList = facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${escapeHtml(value)}</dd></div>`).join("\n");
  const sections = [
    table(
      "Inputs and outputs",
      ["", "name", "type", "shape", "size"],
      [...entry.inputs.map(tensorRow("input")), ...entry.outputs.map(tensorRow("output"))],
    ),
    table(
      "Kernels",
      ["function", "from", "operations", "lines of C"],
      printed.kernels.map(({ name, origin, operations, lines }) => [name, origin, operations, lines]),
    ),
    table("Passes", ["pass", "time", "what it did"], [...(record.passes ?? []), ...passes].map(passRow)),
  ];
  const title = escapeHtml(modelName);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} in C</title>
<style>${style}
</style>
</head>
<body>
<h1>${title}, compiled to C</h1>
<dl class="facts">
${factList}
</dl>
${sections.filter((section) => section !== "").join("\n")}
<footer>Written by weft.</footer>
</body>
</html>
`;
}
