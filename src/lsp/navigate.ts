import type { Registry } from "../ir/registry.ts";
import type { TextRange } from "../ir/text/parse-observer.ts";
import { type Analysis, resolveSymbol } from "./analysis.ts";
import { touches } from "./text-index.ts";
import type { TextName } from "./text-names.ts";

/** Where a name is defined and where it is used. */
export interface NamePlaces {
  /** Undefined where the text does not define it. */
  readonly definition: TextRange | undefined;
  readonly uses: readonly TextRange[];
}

/** The symbol or alias whose name an offset touches. */
export const textNameAt = ({ names }: Analysis, offset: number): TextName | undefined =>
  names.find(({ range }) => touches(range, offset));

/** Everywhere the value, block, symbol or alias at an offset is named. */
export function placesOf(analysis: Analysis, offset: number, registry: Registry): NamePlaces | undefined {
  const named = analysis.index.nameAt(offset);
  if (named !== undefined) {
    const of = (role: "definition" | "use"): readonly TextRange[] =>
      named.occurrences.filter((occurrence) => occurrence.role === role).map(({ range }) => range);
    return { definition: of("definition")[0], uses: of("use") };
  }
  const symbolHere = analysis.symbols.find(({ nameRange }) => touches(nameRange, offset));
  if (symbolHere !== undefined) return symbolPlaces(analysis, symbolHere.nameRange, registry);
  const name = textNameAt(analysis, offset);
  if (name === undefined) return undefined;
  if (name.kind === "symbol") {
    const symbol = resolveSymbol(analysis, name, registry);
    return symbol && symbolPlaces(analysis, symbol.nameRange, registry);
  }
  const alike = analysis.names.filter((other) => other.kind === name.kind && other.name === name.name);
  return {
    definition: alike.find(({ isDefinition }) => isDefinition)?.range,
    uses: alike.filter(({ isDefinition }) => !isDefinition).map(({ range }) => range),
  };
}

function symbolPlaces(analysis: Analysis, definition: TextRange, registry: Registry): NamePlaces {
  const defined = analysis.symbols.find(({ nameRange }) => nameRange === definition)!;
  const uses = analysis.names.filter(
    (name) =>
      name.kind === "symbol" &&
      name.name === defined.name &&
      name.range.start !== definition.start &&
      resolveSymbol(analysis, name, registry) === defined,
  );
  return { definition, uses: uses.map(({ range }) => range) };
}
