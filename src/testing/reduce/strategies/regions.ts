import { stringAttribute } from "../../../ir/attributes.ts";
import { func } from "../../../ir/dialects/index.ts";
import { type OpId, type Operation, walk } from "../../../ir/module.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { symbolNameOf } from "../../../ir/symbols.ts";
import type { ProgramIndex } from "../program-index.ts";
import type { Edit, Strategy } from "../strategy.ts";
import { zeroBefore } from "./operations.ts";

/** Empties regions; a function becomes a declaration. */
export const emptyRegions: Strategy = {
  name: "empty regions",
  edits: (index) =>
    index.operations
      .filter((op) => op.regions.some((region) => region.length > 0))
      .flatMap((op) => op.regions.map((_, region) => (rewriter: Rewriter) => emptyRegion(rewriter, op.id, region))),
};

function emptyRegion(rewriter: Rewriter, id: OpId, region: number): void {
  if (!rewriter.exists(id)) return;
  const op = rewriter.operation(id);
  const blocks = op.regions[region] ?? [];
  if (blocks.length === 0) return;
  const inner = blocks.flatMap((block) =>
    rewriter.block(block).operations.flatMap((child) => [...walk(rewriter, child)]),
  );
  // What is read across blocks must not keep them.
  for (const { id: reader } of inner) rewriter.setOperands(reader, []);
  for (const block of blocks) rewriter.eraseBlock(block);
  const visibility = op.properties["sym_visibility"];
  if (op.name === func.func.name && visibility === undefined)
    rewriter.update(id, { properties: { ...op.properties, sym_visibility: stringAttribute("private") } });
}

/** Puts what is in a region of one block in the place of the operation around it. */
export const inlinedRegions: Strategy = {
  name: "inline regions",
  edits: (index) =>
    index.operations
      .filter((op) => !isMentioned(index, op) && !index.isTerminator(op))
      .flatMap((op) =>
        op.regions.flatMap((region, position): Edit[] =>
          region.length === 1 ? [(rewriter) => inlineRegion(index, rewriter, op, position)] : [],
        ),
      ),
};

function isMentioned(index: ProgramIndex, op: Operation): boolean {
  const name = symbolNameOf(op);
  return name !== undefined && index.usersOf(name).length > 0;
}

function inlineRegion(index: ProgramIndex, rewriter: Rewriter, { id }: Operation, region: number): void {
  if (!rewriter.exists(id)) return;
  const op = rewriter.operation(id);
  const [block] = op.regions[region] ?? [];
  if (block === undefined || op.regions[region]!.length !== 1) return;
  for (const argument of rewriter.block(block).arguments) {
    if (rewriter.useCount(argument) === 0) continue;
    const type = rewriter.typeOf(argument);
    const value = index.substitute(rewriter, op, type) ?? zeroBefore(rewriter, id, type);
    if (value === undefined) return;
    rewriter.replaceAllUses(argument, value);
  }
  const { operations } = rewriter.block(block);
  const last = operations.length === 0 ? undefined : rewriter.operation(operations.at(-1)!);
  const end = last !== undefined && index.isTerminator(last) ? last : undefined;
  for (const child of operations) if (child !== end?.id) rewriter.moveBefore(rewriter.operation(child), id);
  for (const [position, result] of op.results.entries()) {
    if (rewriter.useCount(result) === 0) continue;
    const type = rewriter.typeOf(result);
    const yielded = end?.operands[position];
    const value =
      yielded !== undefined && rewriter.typeOf(yielded) === type
        ? yielded
        : (index.substitute(rewriter, op, type) ?? zeroBefore(rewriter, id, type));
    if (value === undefined) return;
    rewriter.replaceAllUses(result, value);
  }
  rewriter.erase(rewriter.operation(id));
}
