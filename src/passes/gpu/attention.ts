import { arith } from "../../ir/dialects/arith.ts";
import { type AttentionShape, attentionShape } from "../../ir/dialects/rules/online-attention.ts";
import { weft } from "../../ir/dialects/weft.ts";
import type { ValueId } from "../../ir/module.ts";
import { elementOf, hostElementType } from "../../ir/types.ts";
import { storageBytes } from "../../support/numeric/element-type.ts";
import type { WebGpuTarget } from "../../targets/webgpu.ts";
import { type AttentionRow, type AttentionTile, buildAttentionRows, sharingLoop } from "../loops/attention-row.ts";
import type { IndexArithmetic } from "../loops/index-arithmetic.ts";
import type { KernelSite, MappedKernel, Mapping } from "./mapping.ts";
import { forEachRow } from "./rows/rows.ts";

/** Each invocation computes some rows of attention that meet the same keys: queries of one head. */
export const attention: Mapping = {
  name: "attention",
  plan({ reader }, op) {
    if (op.name !== weft.online_attention.name) return undefined;
    const element = hostElementType(elementOf(reader.typeOf(op.operands[0]!)));
    // Rows of narrower numbers can share a word of 32 bits, which is stored whole.
    return element !== undefined && storageBytes(element) >= 4 ? build : undefined;
  },
};

function build(site: KernelSite): MappedKernel {
  const { rewriter, arithmetic, op, target } = site;
  const shape = attentionShape(rewriter, op);
  const loop = sharingLoop(shape);
  const together = loop === undefined ? 1 : rowsTogether(shape, loop, target);
  const bounds = shape.rows.map((size, position) => (position === loop ? Math.ceil(size / together) : size));
  const launch = forEachRow(site, bounds, (indices) =>
    buildAttentionRows(
      rewriter,
      arithmetic,
      op,
      together === 1 ? [{ indices }] : neighbours(arithmetic, indices, loop!, shape.rows[loop!]!, together),
      tileFor(shape, target),
    ),
  );
  rewriter.erase(op);
  return { shape: launch };
}

/** Up to so many channels are kept in registers. */
const mostRegisters = 64;
/** Invocations that keep a processor busy. */
const enoughInvocations = 32;

/**
 * A GPU keeps sums in registers, which are addressed by code alone; a processor has few, and takes long to compile code for each
 * channel, so that there memory is read less often when more keys are taken together.
 */
function tileFor({ channels, width }: AttentionShape, { kind }: WebGpuTarget): AttentionTile {
  const inRegisters = kind === "gpu" && Math.max(channels, width) <= mostRegisters;
  return { keys: inRegisters ? 4 : 8, inRegisters };
}

/** How many rows an invocation computes: on a processor several share the loads of keys and values, where there are enough rows. */
function rowsTogether(shape: AttentionShape, loop: number, { kind, preferences }: WebGpuTarget): number {
  if (kind !== "cpu") return 1;
  const rows = shape.rows.reduce((product, size) => product * size, 1);
  const most = Math.min(preferences.registerBlock.rows, shape.rows[loop]!);
  let together = 1;
  while (together * 2 <= most && rows >= together * 2 * enoughInvocations) together *= 2;
  return together;
}

/** Rows that are neighbours along a loop. The last ones of a loop overlap with those before, which store what both compute. */
function neighbours(
  arithmetic: IndexArithmetic,
  indices: readonly ValueId[],
  loop: number,
  size: number,
  count: number,
): readonly AttentionRow[] {
  const { builder } = arithmetic;
  const start = arithmetic.multiply(indices[loop]!, arithmetic.constant(count));
  const isEven = size % count === 0;
  const least = { lhs: start, rhs: arithmetic.constant(size - count) };
  const first = isEven ? start : arith.minui.build(builder, least, {}).result;
  return Array.from({ length: count }, (_, position) => {
    const index = arithmetic.add(first, arithmetic.constant(position));
    const row = indices.with(loop, index);
    if (isEven || position === count - 1) return { indices: row };
    const own = { lhs: index, rhs: start };
    return { indices: row, isWanted: arith.cmpi.build(builder, own, { predicate: "uge" }).result };
  });
}
