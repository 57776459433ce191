import { unitAttribute } from "../../../ir/attributes.ts";
import { at } from "../../../ir/builder.ts";
import { locationOf } from "../../../ir/create-module.ts";
import { arith } from "../../../ir/dialects/arith.ts";
import { gpu } from "../../../ir/dialects/gpu.ts";
import { createKernel, kernelValues } from "../../../ir/dialects/gpu/kernel.ts";
import { scf } from "../../../ir/dialects/scf.ts";
import { type BlockId, bodyOf, type OpId, type ValueId } from "../../../ir/module.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import type { WebGpuLimits } from "../../../targets/webgpu.ts";
import { EntryConstants, IndexArithmetic } from "../../loops/index-arithmetic.ts";
import { ownsWordsAttributeName } from "../blocked/blocked.ts";
import { foldBlocks, type LaunchShape, linearBlock } from "../launch-shape.ts";
import { kernelModuleName } from "../kernel-module.ts";
import { onlyIf } from "../only-if.ts";
import { sequentialAttributeName } from "../sequential.ts";
import { blocksOf, type Launch } from "./launches.ts";

/**
 * Makes one launch of several, at the place of the first: the workgroups of one kernel after those of another. Each kernel's body
 * runs in the workgroups that were its own.
 */
export function mergeLaunches(
  rewriter: Rewriter,
  launches: readonly Launch[],
  name: string,
  place: OpId,
  mainConstants: EntryConstants,
  limits: WebGpuLimits,
): void {
  const ops = launches.map(({ op }) => rewriter.operation(op));
  const operands = [...new Set(launches.flatMap((launch) => launch.operands))];
  const threads = Math.max(...launches.map((launch) => launch.threads));
  const total = launches.reduce((sum, launch) => sum + blocksOf(launch), 0);
  const shape: LaunchShape = { blocks: foldBlocks(total, limits), threads: [threads, 1, 1] };
  const location = locationOf("fuse-launches", ...ops);
  rewriter.location = location;
  const holder = launches[0]!.kernel.parent!;
  const kernel = at(rewriter, { kind: "end", block: holder }, () =>
    createKernel(
      rewriter,
      name,
      { inputs: operands.map((operand) => rewriter.typeOf(operand)), blockSize: shape.threads },
      (_, { inputs }) => {
        const { block } = rewriter.insertionPoint as { readonly kind: "end"; readonly block: BlockId };
        const given = new Map(operands.map((operand, index) => [operand, inputs[index]!]));
        const arithmetic = new IndexArithmetic(rewriter, new EntryConstants(rewriter, block));
        const present = linearBlock(arithmetic, shape);
        const isExact = shape.blocks[0] * shape.blocks[1] === total;
        bodiesInTurn(rewriter, arithmetic, launches, given, present, threads, isExact);
        rewriter.location = location;
      },
    ),
  );
  if (
    launches.some(
      ({ kernel: { attributes } }) => attributes[ownsWordsAttributeName] ?? attributes[sequentialAttributeName],
    )
  )
    rewriter.update(kernel.id, { attributes: { ...kernel.attributes, [ownsWordsAttributeName]: unitAttribute } });
  const counts = shape.blocks.map((count) => mainConstants.index(count));
  const sizes = shape.threads.map((count) => mainConstants.index(count));
  at(rewriter, { kind: "before", op: place }, () =>
    gpu.launch_func.build(
      rewriter,
      {
        gridSizeX: counts[0]!,
        gridSizeY: counts[1]!,
        gridSizeZ: counts[2]!,
        blockSizeX: sizes[0]!,
        blockSizeY: sizes[1]!,
        blockSizeZ: sizes[2]!,
        kernelOperands: operands,
      },
      { kernel: [kernelModuleName, name] },
      { resultTypes: [], location },
    ),
  );
  for (const op of ops) rewriter.erase(op);
}

/** `if (block < n) first else …`, each body with the number of the workgroup among its own; the last for the rest, if `isExact`. */
function bodiesInTurn(
  rewriter: Rewriter,
  arithmetic: IndexArithmetic,
  launches: readonly Launch[],
  given: ReadonlyMap<ValueId, ValueId>,
  present: ValueId,
  threads: number,
  isExact: boolean,
): void {
  const [launch, ...others] = launches;
  if (launch === undefined) return;
  if (others.length === 0 && isExact) return cloneKernel(rewriter, arithmetic, launch, given, present, threads);
  const count = blocksOf(launch);
  const operands = { lhs: present, rhs: arithmetic.constant(count) };
  const condition = arith.cmpi.build(rewriter, operands, { predicate: "ult" }).result;
  const branch = (body: () => void) => [
    {
      arguments: [],
      body: () => {
        body();
        scf.yield.build(rewriter, { results: [] }, {});
      },
    },
  ];
  scf.if.build(
    rewriter,
    { condition },
    {},
    {
      resultTypes: [],
      regions: {
        thenRegion: branch(() => cloneKernel(rewriter, arithmetic, launch, given, present, threads)),
        elseRegion: branch(() => {
          const next = arith.subi.build(rewriter, operands, {}).result;
          bodiesInTurn(rewriter, arithmetic, others, given, next, threads, isExact);
        }),
      },
    },
  );
}

function cloneKernel(
  rewriter: Rewriter,
  arithmetic: IndexArithmetic,
  launch: Launch,
  given: ReadonlyMap<ValueId, ValueId>,
  present: ValueId,
  threads: number,
): void {
  const mapping = new Map<ValueId, ValueId>();
  kernelValues(rewriter, launch.kernel).inputs.forEach((input, index) =>
    mapping.set(input, given.get(launch.operands[index]!)!),
  );
  const cloneAll = (): void => {
    const [columns, rows] = launch.blocks;
    for (const op of bodyOf(rewriter, launch.kernel)) {
      if (op.name === gpu.return.name) continue;
      const coordinate = gpu.block_id.match(rewriter, op);
      if (!coordinate) {
        rewriter.clone(op, mapping);
        continue;
      }
      const { dimension } = coordinate.attributes;
      mapping.set(coordinate.results.result, blockCoordinate(arithmetic, present, dimension, columns, rows));
    }
  };
  if (launch.threads === threads) return cloneAll();
  const thread = gpu.thread_id.build(rewriter, {}, { dimension: "x" }).result;
  const operands = { lhs: thread, rhs: arithmetic.constant(launch.threads) };
  const condition = arith.cmpi.build(rewriter, operands, { predicate: "ult" }).result;
  onlyIf(rewriter, condition, cloneAll);
}

/** A coordinate of the workgroup with this number in a grid of `columns` by `rows`. */
function blockCoordinate(
  arithmetic: IndexArithmetic,
  present: ValueId,
  dimension: "x" | "y" | "z",
  columns: number,
  rows: number,
): ValueId {
  if (dimension === "z" || (dimension === "y" && rows === 1)) return arithmetic.constant(0);
  if (rows === 1) return present;
  const operands = { lhs: present, rhs: arithmetic.constant(columns) };
  const operation = dimension === "x" ? arith.remui : arith.divui;
  return operation.build(arithmetic.builder, operands, {}).result;
}
