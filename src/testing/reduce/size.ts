import { type Attribute, type Attributes } from "../../ir/attributes.ts";
import { type Module, ModuleReader, type ValueId, walk } from "../../ir/module.ts";
import { attributeText } from "../../ir/text/print-attribute.ts";

/** How large a module is, the weightiest count first: a module is smaller than another if it is so in the first that differs. */
export type Size = readonly number[];

/**
 * Operations, blocks and regions, values, operands and successors, attributes, how much the attributes say, how far back operands reach from the beginning, and
 * places.
 */
export function sizeOf(module: Module): Size {
  const reader = new ModuleReader(module);
  const ranks = new Map<ValueId, number>();
  let [operations, blocks, operands, attributes, weight, reach, places] = [0, 0, 0, 0, 0, 0, 0];
  for (const op of walk(reader)) {
    operations++;
    operands += op.operands.length + op.successors.length;
    for (const result of op.results) ranks.set(result, ranks.size);
    for (const entries of [op.properties, op.attributes]) {
      attributes += Object.keys(entries).length;
      weight += weightOfAll(entries);
    }
    if (op.location.kind !== "unknown") places++;
    blocks += op.regions.length;
    for (const region of op.regions)
      for (const id of region) {
        blocks++;
        for (const argument of reader.block(id).arguments) {
          ranks.set(argument, ranks.size);
          const value = reader.value(argument);
          if (value.kind === "argument" && value.location.kind !== "unknown") places++;
        }
      }
  }
  for (const op of walk(reader)) for (const operand of op.operands) reach += ranks.get(operand) ?? 0;
  return [operations, blocks, ranks.size, operands, attributes, weight, reach, places];
}

/** Whether `left` is smaller than `right`. */
export function isSmaller(left: Size, right: Size): boolean {
  const first = left.findIndex((count, index) => count !== right[index]);
  return first >= 0 && left[first]! < right[first]!;
}

// Attributes are shared between the modules of a reduction, so each is looked at once.
const weights = new WeakMap<Attribute, number>();

const weightOfAll = (entries: Attributes): number =>
  Object.values(entries).reduce((sum, attribute) => sum + weightOf(attribute), 0);

/** What an attribute takes to say: its characters, and one more for every number in it that is not zero. */
export function weightOf(attribute: Attribute): number {
  let weight = weights.get(attribute);
  if (weight === undefined) weights.set(attribute, (weight = measured(attribute)));
  return weight;
}

function measured(attribute: Attribute): number {
  switch (attribute.kind) {
    case "integer":
      return attributeText(attribute).length + (attribute.value === 0n ? 0 : 1);
    case "float":
      return attributeText(attribute).length + (attribute.value === 0 ? 0 : 1);
    case "dense":
      // The text of millions of elements is not made just to be counted.
      return attribute.type.text.length + 8 * attribute.data.length + (attribute.data.some((value) => !value) ? 0 : 1);
    case "array":
      return attribute.elements.reduce((sum, element) => sum + 2 + weightOf(element), 2);
    case "dictionary":
      return Object.entries(attribute.entries).reduce(
        (sum, [name, entry]) => sum + name.length + 3 + weightOf(entry),
        2,
      );
    default:
      return attributeText(attribute).length;
  }
}
