import type { Registry } from "../ir/registry.ts";
import { symbolNameOf } from "../ir/symbols.ts";
import type { TextRange } from "../ir/text/parse-observer.ts";
import { parseModule } from "../ir/text/parse.ts";
import { verifyModule } from "../ir/verifier.ts";
import { CompileError, type Diagnostic } from "../support/diagnostic.ts";
import { partitionPoint } from "../support/partition-point.ts";
import { type IndexedOperation, TextIndex } from "./text-index.ts";
import { namesIn, type TextName } from "./text-names.ts";

/** An operation that defines a symbol, with the place of its name. */
export interface IndexedSymbol {
  readonly name: string;
  readonly nameRange: TextRange;
  readonly operation: IndexedOperation;
}

/** What is known about one state of a text. */
export interface Analysis {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly index: TextIndex;
  readonly names: readonly TextName[];
  readonly symbols: readonly IndexedSymbol[];
}

/** Reads and verifies a text. Never throws: what is wrong with the text is in its diagnostics. */
export function analyze(text: string, file: string, registry: Registry): Analysis {
  const index = new TextIndex();
  const names = namesIn(text);
  let diagnostics: readonly Diagnostic[];
  try {
    const module = parseModule(text, { file, registry, allowUnregisteredDialects: true, observer: index });
    diagnostics = verifyModule(module, registry);
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    diagnostics = error.diagnostics;
  }
  return { text, diagnostics, index, names, symbols: symbolsOf(text, index, names) };
}

function symbolsOf(text: string, index: TextIndex, names: readonly TextName[]): readonly IndexedSymbol[] {
  const symbols: IndexedSymbol[] = [];
  for (const operation of index.operations) {
    const name = symbolNameOf(operation.op);
    if (name === undefined) continue;
    const { end } = operation.nameRange;
    const written =
      text[operation.nameRange.start] === '"' ? stringAfter(text, end, name) : nameAfter(names, end, name);
    if (written !== undefined && written.end <= operation.range.end)
      symbols.push({ name, nameRange: written, operation });
  }
  return symbols;
}

/** In the generic form a symbol's name is a string. */
function stringAfter(text: string, offset: number, name: string): TextRange | undefined {
  const quote = text.indexOf(JSON.stringify(name), offset);
  return quote < 0 ? undefined : { start: quote + 1, end: quote + 1 + name.length };
}
/** In the pretty form it is the first that follows the operation's. */
function nameAfter(names: readonly TextName[], offset: number, name: string): TextRange | undefined {
  const first = names[partitionPoint(names.length, (position) => names[position]!.range.start < offset)];
  return first?.name === name ? first.range : undefined;
}

/** The symbol that a reference means: the nearest of that name in the symbol tables around it. */
export function resolveSymbol(analysis: Analysis, reference: TextName, registry: Registry): IndexedSymbol | undefined {
  const isTable = (operation: IndexedOperation): boolean => registry.hasTrait(operation.op, "symbol-table");
  const inTable = (table: IndexedOperation | undefined): IndexedSymbol | undefined =>
    analysis.symbols.find(
      ({ name, operation }) => name === reference.name && tableAround(analysis, operation, isTable) === table,
    );
  if (reference.within !== undefined) {
    const outer = resolveSymbol(analysis, reference.within, registry);
    return outer && inTable(outer.operation);
  }
  const tables = analysis.index.operationsAround(reference.range.start).filter(isTable);
  for (const table of [...tables, undefined]) {
    const found = inTable(table);
    if (found) return found;
  }
  return undefined;
}

function tableAround(
  { index }: Analysis,
  operation: IndexedOperation,
  isTable: (operation: IndexedOperation) => boolean,
): IndexedOperation | undefined {
  return index.operationsAround(operation.range.start).find((around) => around !== operation && isTable(around));
}
