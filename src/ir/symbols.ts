import { type IrReader, ModuleReader, type OpId, type Operation, parentOf } from "./module.ts";

type Symbols = ReadonlyMap<string, Operation>;
const cache = new WeakMap<ModuleReader, Map<OpId, Symbols>>();

/** The operation's own name, if it is a symbol. */
export function symbolNameOf(op: Operation): string | undefined {
  const name = op.properties["sym_name"] ?? op.attributes["sym_name"];
  return name?.kind === "string" ? name.value : undefined;
}

/** The symbols that the regions of a symbol table hold, the first of each name. */
export function symbolsIn(reader: IrReader, table: Operation): Symbols {
  const known = reader instanceof ModuleReader ? cache.get(reader)?.get(table.id) : undefined;
  if (known !== undefined) return known;
  const symbols = new Map<string, Operation>();
  for (const region of table.regions)
    for (const block of region)
      for (const id of reader.block(block).operations) {
        const op = reader.operation(id);
        const name = symbolNameOf(op);
        if (name !== undefined && !symbols.has(name)) symbols.set(name, op);
      }
  // Only an immutable module's symbols stay what they are.
  if (reader instanceof ModuleReader) {
    let tables = cache.get(reader);
    if (tables === undefined) cache.set(reader, (tables = new Map()));
    tables.set(table.id, symbols);
  }
  return symbols;
}

/** The operation that a symbol names where `from` stands: looked up in the operations around it, innermost first. */
export function lookUpSymbol(reader: IrReader, from: Operation, name: string): Operation | undefined {
  for (let op = parentOf(reader, from); op !== undefined; op = parentOf(reader, op)) {
    const found = symbolsIn(reader, op).get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}
