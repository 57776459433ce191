import type { ValueId } from "../ir/module.ts";
import type { AnyOpDefinition } from "../ir/define.ts";
import type { Registry } from "../ir/registry.ts";
import type { ValueSpec } from "../ir/value-specs.ts";
import type { TextRange } from "../ir/text/parse-observer.ts";
import { type Analysis, resolveSymbol } from "./analysis.ts";
import { textNameAt } from "./navigate.ts";
import { definitionOf, type IndexedOperation, type IndexedValue, touches } from "./text-index.ts";

/** Markdown about what stands at a place. */
export interface Hover {
  readonly markdown: string;
  readonly range: TextRange;
}

const code = (text: string): string => `\`\`\`mlir\n${text.replaceAll("```", "'''")}\n\`\`\``;

/** What an editor shows for the name or operation at an offset. */
export function hoverAt(analysis: Analysis, offset: number, registry: Registry): Hover | undefined {
  const { index, text } = analysis;
  const named = index.nameAt(offset);
  if (named !== undefined) {
    const { range } = named.occurrences.find((occurrence) => touches(occurrence.range, offset))!;
    const name = text.slice(range.start, range.end);
    if (named.kind === "value") return { markdown: describeValue(analysis, named, name, registry), range };
    return { markdown: `block ${code(name)}`, range };
  }
  const operation = index.operations.find(({ nameRange }) => touches(nameRange, offset));
  if (operation !== undefined)
    return { markdown: describeOperation(analysis, operation, registry), range: operation.nameRange };
  const textName = textNameAt(analysis, offset);
  if (textName === undefined) return undefined;
  if (textName.kind === "symbol") {
    const symbol = resolveSymbol(analysis, textName, registry);
    return symbol && { markdown: code(headerOf(text, symbol.operation)), range: textName.range };
  }
  const definition = analysis.names.find(
    ({ kind, name, isDefinition }) => isDefinition && kind === textName.kind && name === textName.name,
  );
  return definition && { markdown: code(lineAt(text, definition.range.start)), range: textName.range };
}

function describeValue({ index, text }: Analysis, value: IndexedValue, name: string, registry: Registry): string {
  const typed = code(`${name} : ${value.type.text}`);
  const definition = definitionOf(value);
  const producer = index.operations.find(({ op }) => op.results.includes(value.id));
  const uses = value.occurrences.filter(({ role }) => role === "use").length;
  const used = `${uses} use${uses === 1 ? "" : "s"}`;
  if (producer === undefined)
    return `${typed}\n${definition === undefined ? "not defined" : "block argument"}, ${used}`;
  const summary = registry.definition(producer.op.name)?.summary;
  const from = code(lineAt(text, producer.range.start));
  return `${typed}\nresult of \`${producer.op.name}\`${summary === undefined ? "" : `: ${summary}`}, ${used}\n${from}`;
}

function describeOperation(analysis: Analysis, { op }: IndexedOperation, registry: Registry): string {
  const definition = registry.definition(op.name);
  const list = (ids: readonly ValueId[]): string => ids.map((id) => analysis.index.typeOf(id)?.text ?? "?").join(", ");
  const signature = code(`${op.name} : (${list(op.operands)}) -> (${list(op.results)})`);
  return definition === undefined
    ? `${signature}\nan operation of a dialect that is not registered`
    : `${signature}\n${describeDefinition(definition)}`;
}

/** An operation's declaration for a person: summary, operands, attributes, results, traits. */
export function describeDefinition(definition: AnyOpDefinition): string {
  const values = (title: string, specs: Readonly<Record<string, ValueSpec>>): readonly string[] =>
    Object.entries(specs).length === 0
      ? []
      : [`**${title}**`, ...Object.entries(specs).map(([name, spec]) => `- \`${name}\`: ${describeValueSpec(spec)}`)];
  const attributes = Object.entries(definition.attributes).map(
    ([name, { codec, presence }]) =>
      `- \`${name}\`: ${codec.description}${presence === "required" ? "" : ` (${presence})`}`,
  );
  return [
    `**${definition.name}**: ${definition.summary}`,
    ...values("operands", definition.operands),
    ...(attributes.length === 0 ? [] : ["**attributes**", ...attributes]),
    ...values("results", definition.results),
    ...(definition.traits === undefined ? [] : [`*${definition.traits.join(", ")}*`]),
  ]
    .join("\n\n")
    .replaceAll("\n\n- ", "\n- ");
}
const describeValueSpec = ({ arity, constraint }: ValueSpec): string =>
  arity === "one" ? constraint.description : `${constraint.description} (${arity})`;

/** An operation's text up to its first region, on one line. */
function headerOf(text: string, { range }: IndexedOperation): string {
  const [line] = text.slice(range.start, Math.min(range.end, range.start + 400)).split("\n");
  return line!.replace(/\s*\{\s*$/, "");
}
const lineAt = (text: string, offset: number): string => {
  const end = text.indexOf("\n", offset);
  return text
    .slice(offset, end < 0 ? text.length : end)
    .trim()
    .slice(0, 400);
};
