import type { Registry } from "../ir/registry.ts";
import { symbolNameOf } from "../ir/symbols.ts";
import type { TextRange } from "../ir/text/parse-observer.ts";
import { parseModule } from "../ir/text/parse.ts";
import { verifyModule } from "../ir/verifier.ts";
import { CompileError, type Diagnostic } from "../support/diagnostic.ts";
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
    const named = names[firstFrom(names, end)];
    // In the generic form a symbol's name is a string.
    const quoted = text.indexOf(JSON.stringify(name), end);
    const isGeneric = text[operation.nameRange.start] === '"' && quoted >= 0 && quoted < operation.range.end;
    const start = isGeneric ? quoted + 1 : named?.range.start;
    if (start === undefined || start >= operation.range.end || !(isGeneric || named?.name === name)) continue;
    const nameRange = isGeneric ? { start, end: start + name.length } : named!.range;
    symbols.push({ name, nameRange, operation });
  }
  return symbols;
}

/** The first of the names that stands at or after an offset. */
function firstFrom(names: readonly TextName[], offset: number): number {
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (names[middle]!.range.start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
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
