import type { Attributes } from "../../../src/ir/attributes.ts";
import { type BlockId, type Module, ModuleReader, type Operation, type ValueId } from "../../../src/ir/module.ts";
import { AttributePrinter, locationKey } from "../../../src/ir/text/print-attribute.ts";

const printer = new AttributePrinter();
const attributesOf = (entries: Attributes): unknown =>
  Object.keys(entries)
    .toSorted()
    .map((name) => [name, entries[name]!.kind, printer.attribute(entries[name]!)]);

/**
 * A module as plain data in which values and blocks are numbered by their place, so that two modules are equal when this is.
 * Attributes are compared by kind and by their text. Pretty forms have no place for the locations of some block arguments.
 */
export function structureOf(module: Module, options: { readonly argumentLocations?: boolean } = {}): unknown {
  const reader = new ModuleReader(module);
  const values = new Map<ValueId, string>();
  const blocks = new Map<BlockId, string>();
  const number = (op: Operation, path: string): void => {
    op.results.forEach((result, index) => values.set(result, `${path}:${index}`));
    op.regions.forEach((region, regionIndex) =>
      region.forEach((id, position) => {
        const here = `${path}/${regionIndex}.${position}`;
        blocks.set(id, here);
        const block = reader.block(id);
        block.arguments.forEach((argument, index) => values.set(argument, `${here}:${index}`));
        block.operations.forEach((inner, index) => number(reader.operation(inner), `${here}/${index}`));
      }),
    );
  };
  const describe = (op: Operation): unknown => ({
    name: op.name,
    operands: op.operands.map((operand) => values.get(operand)),
    results: op.results.map((result) => reader.typeOf(result).text),
    properties: attributesOf(op.properties),
    attributes: attributesOf(op.attributes),
    successors: op.successors.map((block) => blocks.get(block)),
    location: locationKey(op.location),
    regions: op.regions.map((region) =>
      region.map((id) => {
        const block = reader.block(id);
        return {
          arguments: block.arguments.map((argument) => {
            const value = reader.value(argument);
            const isPlaced = value.kind === "argument" && (options.argumentLocations ?? true);
            return [value.type.text, isPlaced ? locationKey(value.location) : ""];
          }),
          operations: block.operations.map((inner) => describe(reader.operation(inner))),
        };
      }),
    ),
  });
  const root = reader.operation(module.root);
  number(root, "");
  const resources = Object.values(module.resources).map(({ key, bytes, alignment }) => [
    key,
    [...bytes],
    alignment ?? 64,
  ]);
  return { root: describe(root), resources };
}
