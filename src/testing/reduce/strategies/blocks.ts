import { noAttributes } from "../../../ir/attributes.ts";
import { cf } from "../../../ir/dialects/cf.ts";
import {
  type BlockId,
  type IrReader,
  type OpId,
  type Operation,
  terminatorOf,
  type ValueId,
  walk,
} from "../../../ir/module.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { hasBlock } from "../program-index.ts";
import type { Edit, Strategy } from "../strategy.ts";

/** Makes branches with several destinations go to one of them. */
export const branches: Strategy = {
  name: "simplify branches",
  edits: (index) =>
    index.operations
      .filter((op) => op.name === cf.cond_br.name || op.name === cf.switch.name)
      .flatMap((op) => op.successors.map((_, successor) => (rewriter: Rewriter) => goTo(rewriter, op.id, successor))),
};

function goTo(rewriter: Rewriter, id: OpId, successor: number): void {
  if (!rewriter.exists(id)) return;
  const op = rewriter.operation(id);
  const target = op.successors[successor];
  const passed = target === undefined || op.name === cf.br.name ? undefined : operandsFor(rewriter, op, successor);
  if (passed === undefined) return;
  rewriter.insertionPoint = { kind: "before", op: id };
  rewriter.location = op.location;
  rewriter.create({ name: cf.br.name, operands: passed, successors: [target!] });
  rewriter.erase(op);
}

/** What a branch gives to the arguments of one of its destinations. */
function operandsFor(reader: IrReader, op: Operation, successor: number): readonly ValueId[] | undefined {
  if (op.name === cf.br.name) return op.operands;
  if (op.name !== cf.cond_br.name && op.name !== cf.switch.name) return undefined;
  const counts = op.successors.map((block) => reader.block(block).arguments.length);
  const start = 1 + counts.slice(0, successor).reduce((sum, count) => sum + count, 0);
  return op.operands.slice(start, start + counts[successor]!);
}

/** Erases blocks that nothing goes to. */
export const deadBlocks: Strategy = {
  name: "erase unreachable blocks",
  edits: (index) =>
    index.operations.flatMap((op) =>
      op.regions.flatMap((region, position): Edit[] =>
        region.length > 1
          ? [erasingUnreachable(op.id, position), ...region.slice(1).map(erasingUnentered).reverse()]
          : [],
      ),
    ),
};

const erasingUnreachable =
  (op: OpId, region: number): Edit =>
  (rewriter) => {
    if (rewriter.exists(op)) eraseUnreachable(rewriter, op, region);
  };

const erasingUnentered =
  (block: BlockId): Edit =>
  (rewriter) => {
    if (!hasBlock(rewriter, block)) return;
    const { parent, regionIndex } = rewriter.block(block);
    const region = rewriter.operation(parent).regions[regionIndex]!;
    const goesThere = (other: BlockId): boolean => terminatorOf(rewriter, other)?.successors.includes(block) ?? false;
    if (region[0] !== block && !region.some((other) => other !== block && goesThere(other)))
      eraseAll(rewriter, [block]);
  };

function eraseUnreachable(rewriter: Rewriter, op: OpId, region: number): void {
  const blocks = rewriter.operation(op).regions[region] ?? [];
  const reached = new Set<BlockId>();
  const pending = blocks.slice(0, 1);
  for (let block = pending.pop(); block !== undefined; block = pending.pop()) {
    if (reached.has(block)) continue;
    reached.add(block);
    pending.push(...(terminatorOf(rewriter, block)?.successors ?? []));
  }
  eraseAll(
    rewriter,
    blocks.filter((block) => !reached.has(block)),
  );
}

/** Erases blocks together, unless something else reads their values. */
function eraseAll(rewriter: Rewriter, blocks: readonly BlockId[]): void {
  const inner = blocks.flatMap((block) =>
    rewriter.block(block).operations.flatMap((child) => [...walk(rewriter, child)]),
  );
  const own = new Set(inner.map(({ id }) => id));
  const isReadElsewhere = (value: ValueId): boolean => rewriter.uses(value).some(({ op }) => !own.has(op));
  if (inner.some(({ results }) => results.some(isReadElsewhere))) return;
  if (blocks.some((block) => rewriter.block(block).arguments.some(isReadElsewhere))) return;
  for (const { id } of inner) rewriter.setOperands(id, []);
  for (const block of blocks) rewriter.eraseBlock(block);
}

/** Drops destinations of unknown branches, and with them blocks that nothing else goes to. */
export const droppedSuccessors: Strategy = {
  name: "drop successors",
  edits: (index) =>
    index.operations
      .filter((op) => op.successors.length > 0 && index.registry.definition(op.name) === undefined)
      .flatMap((op) => op.successors.map((target) => (rewriter: Rewriter) => dropSuccessor(rewriter, op.id, target))),
};

function dropSuccessor(rewriter: Rewriter, id: OpId, target: BlockId): void {
  if (!rewriter.exists(id)) return;
  const op = rewriter.operation(id);
  rewriter.update(id, { successors: op.successors.filter((other) => other !== target) });
  const { parent, regionIndex } = rewriter.block(op.parent!);
  eraseUnreachable(rewriter, parent, regionIndex);
}

/** Joins blocks with the only one that goes to them. */
export const mergedBlocks: Strategy = {
  name: "merge blocks",
  edits: (index) =>
    index.operations.filter((op) => op.name === cf.br.name).map((op) => (rewriter) => mergeInto(rewriter, op.id)),
};

function mergeInto(rewriter: Rewriter, id: OpId): void {
  if (!rewriter.exists(id)) return;
  const branch = rewriter.operation(id);
  const [target] = branch.successors;
  if (target === undefined || target === branch.parent || !hasBlock(rewriter, target)) return;
  const { parent, regionIndex } = rewriter.block(target);
  const region = rewriter.operation(parent).regions[regionIndex]!;
  const predecessors = region.filter((block) => terminatorOf(rewriter, block)?.successors.includes(target));
  if (region[0] === target || predecessors.length !== 1) return;
  rewriter.update(id, { successors: [], properties: noAttributes });
  rewriter.inlineBlockBefore(target, id, branch.operands);
  rewriter.erase(rewriter.operation(id));
}
