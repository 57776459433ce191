import type { IrReader, Operation, ValueId } from "../../../ir/module.ts";
import { staticSizes } from "../../../ir/analysis/memref-layout.ts";
import { unitAttribute } from "../../../ir/attributes.ts";
import { hostElementType, type MemRefType } from "../../../ir/types.ts";
import { storageBytes } from "../../../support/numeric/element-type.ts";
import { arith } from "../../../ir/dialects/arith.ts";
import type { WebGpuTarget } from "../../../targets/webgpu.ts";
import type { IndexArithmetic } from "../../loops/index-arithmetic.ts";
import { ownsWordsAttributeName } from "../blocked/blocked.ts";
import { onlyIf } from "../only-if.ts";
import { type LaunchShape, linearInvocation, lineOf } from "../launch-shape.ts";
import type { KernelSite, MappedKernel, Mapping } from "../mapping.ts";
import { type Phase, phasesOf } from "./phases.ts";
import { RowBuilder, walkAlone } from "./row-builder.ts";
import { readRowGroup, type RowGroup } from "./row-group.ts";

/** Points of a walk that have code of their own where a device counts loops as dearly as it computes. */
const pointsAtOnce = 4;

/** Each invocation computes one row of a row group from beginning to end: what pays where sharing a row does not. */
export const rows: Mapping = {
  name: "rows",
  plan({ reader }, op) {
    const found = mappableRows(reader, op);
    return found && ((site) => build(site, found.words));
  },
};

function build(site: KernelSite, words: RowWords): MappedKernel {
  const { rewriter, arithmetic, op, target } = site;
  const group = readRowGroup(rewriter, op)!;
  const phases = phasesOf(group);
  const forwarded = forwardedBuffers(group, phases);
  const atOnce = target.kind === "cpu" ? pointsAtOnce : 1;
  const shape = forEachRow(site, group.rows, (indices) => {
    const row = new RowBuilder(rewriter, arithmetic, group, forwarded, indices, walkAlone(arithmetic, atOnce));
    for (const phase of phases) row.phase(phase);
    row.finish();
  });
  rewriter.erase(op);
  return { shape, ...(words === "owned" ? { attributes: { [ownsWordsAttributeName]: unitAttribute } } : {}) };
}

/** Gives each invocation one row, by its indices along the row loops; the last is the one along which neighbours are neighbours. */
export function forEachRow(
  { rewriter, arithmetic, target }: KernelSite,
  bounds: readonly number[],
  body: (indices: readonly ValueId[]) => void,
): LaunchShape {
  const count = bounds.reduce((product, size) => product * size, 1);
  const shape = lineOf(count, workgroupSize(count, target), target.limits);
  const number = linearInvocation(arithmetic, shape);
  const compute = (): void => body(gridIndices(arithmetic, number, bounds));
  if (shape.blocks[0] * shape.blocks[1] * shape.threads[0] === count) compute();
  else {
    const operands = { lhs: number, rhs: arithmetic.constant(count) };
    onlyIf(rewriter, arith.cmpi.build(rewriter, operands, { predicate: "ult" }).result, compute);
  }
  return shape;
}

/** Few rows are spread over small workgroups, so that all units of the device have some. */
function workgroupSize(rows: number, { limits, preferences }: WebGpuTarget): number {
  const most = Math.min(preferences.workgroupSize, limits.maxComputeInvocationsPerWorkgroup);
  let size = Math.min(4, most);
  while (size * 2 <= most && rows > size * 8) size *= 2;
  return size;
}

/** The indices of a place of a grid by its number, the last axis fastest. */
export function gridIndices(
  arithmetic: IndexArithmetic,
  number: ValueId,
  bounds: readonly number[],
): readonly ValueId[] {
  const indices: ValueId[] = [];
  let rest = number;
  for (let loop = bounds.length - 1; loop >= 0; loop--) {
    const size = arithmetic.constant(bounds[loop]!);
    if (loop === 0) indices.unshift(rest);
    else {
      const operands = { lhs: rest, rhs: size };
      indices.unshift(arith.remui.build(arithmetic.builder, operands, {}).result);
      rest = arith.divui.build(arithmetic.builder, operands, {}).result;
    }
  }
  return indices;
}

/** How a row group's results lie in memory, whose words of 32 bits are stored whole. */
export type RowWords =
  /** Every element is a word. */
  | "whole"
  /** No two rows have elements in one word. */
  | "owned";

/**
 * What the mappings of rows know of an operation that is a row group they can take: which of its local buffers are in registers, and
 * how its results lie in words. Undefined for others.
 */
export function mappableRows(
  reader: IrReader,
  op: Operation,
): { readonly registers: ReadonlySet<ValueId>; readonly words: RowWords } | undefined {
  const group = readRowGroup(reader, op);
  if (!group) return undefined;
  const registers = forwardedBuffers(group, phasesOf(group));
  const stored = [...group.patterns.keys()].filter((buffer) => !registers.has(buffer));
  const narrow = stored.filter((buffer) => bytesOf(reader, buffer) < wordBytes);
  if (!narrow.every((buffer) => ownsWords(reader, group, buffer))) return undefined;
  return { registers, words: narrow.length === 0 ? "whole" : "owned" };
}

const wordBytes = 4;

function bytesOf(reader: IrReader, buffer: ValueId): number {
  const element = hostElementType((reader.typeOf(buffer) as MemRefType).element);
  return element === undefined ? 0 : storageBytes(element);
}

/** Whether a row of a buffer is a number of whole words: its elements lie behind each other, those of other rows before and after. */
function ownsWords(reader: IrReader, { patterns }: RowGroup, buffer: ValueId): boolean {
  const type = reader.typeOf(buffer) as MemRefType;
  const pattern = patterns.get(buffer)!;
  const sizes = staticSizes(type);
  const first = pattern.findLastIndex((row) => row !== undefined) + 1;
  const isBehind = pattern.slice(0, first).every((row, axis) => row !== undefined || sizes[axis] === 1);
  const elements = sizes.slice(first).reduce((product, size) => product * size, 1);
  return type.layout === undefined && isBehind && (elements * bytesOf(reader, buffer)) % wordBytes === 0;
}

/** Local buffers all of whose elements are at hand where they are read: they are never in memory. */
export function forwardedBuffers(group: RowGroup, phases: readonly Phase[]): ReadonlySet<ValueId> {
  const found = new Set<ValueId>();
  for (const buffer of group.local) {
    if (group.scalars.has(buffer)) found.add(buffer);
    const touching = phases.filter(({ fills, stages }) =>
      [...fills, ...stages].some(({ inputs, outputs }) =>
        [...inputs, ...outputs].some(({ value }) => value === buffer),
      ),
    );
    const phase = touching[0];
    if (touching.length !== 1 || !phase || phase.fills.some(({ outputs }) => outputs[0]!.value === buffer)) continue;
    // Stages of one phase touch it point by point; the first of them must be the one that writes it.
    const first = phase.stages.find(({ inputs, outputs }) =>
      [...inputs, ...outputs].some(({ value }) => value === buffer),
    )!;
    if (first.inputs.every(({ value }) => value !== buffer)) found.add(buffer);
  }
  return found;
}
