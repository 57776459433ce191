import fc from "fast-check";
import { type Attribute, resourceAttribute } from "../../ir/attributes.ts";
import { createModule } from "../../ir/create-module.ts";
import type { BlockId, Module, ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { f32, tensorType, type Type } from "../../ir/types.ts";
import type { Location } from "../../support/location.ts";
import { attributes, dictionaries, locations, names, types } from "./attributes.ts";

interface OperationRecipe {
  readonly name: string;
  readonly operands: readonly number[];
  readonly results: readonly Type[];
  readonly properties: Readonly<Record<string, Attribute>>;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly location: Location;
  readonly regions: readonly RegionRecipe[];
}
interface BlockRecipe {
  readonly arguments: readonly Type[];
  readonly operations: readonly OperationRecipe[];
  readonly successors: readonly number[];
}
type RegionRecipe = readonly BlockRecipe[];

const operationOf = (depth: number): fc.Arbitrary<OperationRecipe> =>
  fc.record({
    name: names().map((name) => `test.${name.toWellFormed()}`),
    operands: fc.array(fc.nat(255), { maxLength: 3 }),
    results: fc.array(types(), { maxLength: 3 }),
    properties: dictionaries(attributes()),
    attributes: dictionaries(attributes()),
    location: locations(),
    regions: depth === 0 ? fc.constant([]) : fc.array(regionOf(depth - 1), { maxLength: 2 }),
  });
const regionOf = (depth: number): fc.Arbitrary<RegionRecipe> =>
  fc.array(
    fc.record({
      arguments: fc.array(types(), { maxLength: 2 }),
      operations: fc.array(operationOf(depth), { maxLength: 3 }),
      successors: fc.array(fc.nat(255), { maxLength: 2 }),
    }),
    { maxLength: 3 },
  );

/**
 * Modules of operations that no dialect declares, with types, attributes, locations, regions, blocks and branches of every kind.
 * They cannot be run, and values may be used before they are defined: for properties of the text.
 */
export const textModules = (): fc.Arbitrary<Module> =>
  fc
    .record({ body: fc.array(operationOf(2), { maxLength: 4 }), bytes: fc.uint8Array({ minLength: 4, maxLength: 16 }) })
    .map(({ body, bytes }) =>
      createModule((rewriter) => {
        const key = rewriter.addResource(bytes.slice(0, 4 * Math.floor(bytes.length / 4)));
        const type = tensorType([Math.floor(bytes.length / 4)], f32);
        rewriter.create({ name: "test.resource", attributes: { value: resourceAttribute(key, type) } });
        const values: ValueId[] = [];
        for (const operation of body) makeOperation(rewriter, operation, values, []);
      }),
    );

/** Makes an operation; what it defines is added to `values`, which its operands are chosen from. */
function makeOperation(
  rewriter: Rewriter,
  recipe: OperationRecipe,
  values: ValueId[],
  successors: readonly BlockId[],
): void {
  const made = rewriter.create({
    name: recipe.name,
    operands: values.length === 0 ? [] : recipe.operands.map((pick) => values[pick % values.length]!),
    resultTypes: recipe.results,
    properties: recipe.properties,
    attributes: recipe.attributes,
    location: recipe.location,
    successors,
    regions: recipe.regions.map(() => []),
  });
  for (const [index, region] of recipe.regions.entries()) {
    const inner = [...values];
    const blocks = region.map((block) =>
      rewriter.appendBlock(made.id, index, {
        arguments: block.arguments,
        argumentLocations: block.arguments.map(() => recipe.location),
        body: (_, blockValues) => void inner.push(...blockValues),
      }),
    );
    for (const [position, block] of region.entries()) {
      const before = rewriter.insertionPoint;
      rewriter.insertionPoint = { kind: "end", block: blocks[position]! };
      for (const operation of block.operations) makeOperation(rewriter, operation, inner, []);
      // The entry block is no successor.
      const targets =
        blocks.length > 1 ? block.successors.map((pick) => blocks[1 + (pick % (blocks.length - 1))]!) : [];
      const branch: OperationRecipe = { ...recipe, name: "test.branch", results: [], regions: [] };
      makeOperation(rewriter, branch, inner, targets);
      rewriter.insertionPoint = before;
    }
  }
  values.push(...made.results);
}
