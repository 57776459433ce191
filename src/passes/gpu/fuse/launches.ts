import { constantIndex } from "../../loops/index-arithmetic.ts";
import { gpu } from "../../../ir/dialects/gpu.ts";
import { kernelValues } from "../../../ir/dialects/gpu/kernel.ts";
import { type OpId, type Operation, type ValueId, walk } from "../../../ir/module.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { hostElementType, type MemRefType } from "../../../ir/types.ts";
import { storageBytes } from "../../../support/numeric/element-type.ts";
import { baseOf } from "../../kernels/placed-operands.ts";
import { decodeRegion, regionAttributeName, type WrittenRegion } from "../written-regions.ts";

/** What a launch does to one buffer. */
interface BufferEffect {
  readonly isRead: boolean;
  readonly isWritten: boolean;
  /** What is written at most; undefined when that is not known. */
  readonly region: WrittenRegion | undefined;
}

/** A launch of a kernel with known sizes. */
export interface Launch {
  readonly op: OpId;
  readonly kernel: Operation;
  readonly name: string;
  readonly operands: readonly ValueId[];
  readonly blocks: readonly [number, number];
  readonly threads: number;
  readonly effects: ReadonlyMap<ValueId, BufferEffect>;
  /** Whether the kernel has no loops, so that an invocation is done at once. */
  readonly isShort: boolean;
}

/** Number of workgroups. */
export const blocksOf = ({ blocks: [x, y] }: Launch): number => x * y;

/** Reads a launch that may become part of another one; undefined for those that must stay as they are. */
export function readLaunch(
  rewriter: Rewriter,
  op: Operation,
  kernels: ReadonlyMap<string, Operation>,
): Launch | undefined {
  const launch = gpu.launch_func.match(rewriter, op);
  const name = launch?.attributes.kernel.at(-1);
  const kernel = name === undefined ? undefined : kernels.get(name);
  if (!launch || name === undefined || kernel === undefined) return undefined;
  const { gridSizeX, gridSizeY, gridSizeZ, blockSizeX, blockSizeY, blockSizeZ, kernelOperands } = launch.operands;
  const [x, y, z, threads, rows, layers] = [gridSizeX, gridSizeY, gridSizeZ, blockSizeX, blockSizeY, blockSizeZ].map(
    (value) => constantIndex(rewriter, value),
  );
  const values = kernelValues(rewriter, kernel);
  if (x === undefined || y === undefined || threads === undefined || z !== 1 || rows !== 1 || layers !== 1)
    return undefined;
  if (values.workgroup.length + values.private.length > 0) return undefined;
  const body = Array.from(walk(rewriter, kernel.id));
  if (body.some((inner) => inner.name === "gpu.barrier" || inner.name.startsWith("gpu.subgroup"))) return undefined;
  return {
    op: op.id,
    kernel,
    name,
    operands: kernelOperands,
    blocks: [x, y],
    threads,
    effects: effectsOf(rewriter, kernel, kernelOperands, body),
    isShort: !body.some(({ name: inner }) => inner === "scf.for" || inner === "scf.while" || inner === "scf.parallel"),
  };
}

function effectsOf(
  rewriter: Rewriter,
  kernel: Operation,
  operands: readonly ValueId[],
  body: readonly Operation[],
): ReadonlyMap<ValueId, BufferEffect> {
  const { inputs } = kernelValues(rewriter, kernel);
  const read = new Set<ValueId>();
  const written = new Set<ValueId>();
  for (const op of body)
    op.operands.forEach((operand, index) => {
      if (rewriter.typeOf(operand).kind !== "memref" || op.results.some((result) => isBuffer(rewriter, result))) return;
      const base = baseOf(rewriter, operand);
      const isStore = op.name === "memref.store" && index === 1;
      if (!isStore) read.add(base);
      if (op.name !== "memref.load") written.add(base);
    });
  const attributes = kernel.properties["arg_attrs"];
  const effects = new Map<ValueId, BufferEffect>();
  inputs.forEach((input, index) => {
    const type = rewriter.typeOf(input);
    if (type.kind !== "memref") return;
    const entries = attributes?.kind === "array" ? attributes.elements[index] : undefined;
    const region = decodeRegion(entries?.kind === "dictionary" ? entries.entries[regionAttributeName] : undefined);
    effects.set(operands[index]!, {
      isRead: read.has(input),
      isWritten: written.has(input),
      // Neighbouring narrow elements share a word.
      region: isNarrow(type) ? undefined : region,
    });
  });
  return effects;
}

const isBuffer = (rewriter: Rewriter, value: ValueId): boolean => rewriter.typeOf(value).kind === "memref";
function isNarrow(type: MemRefType): boolean {
  const element = hostElementType(type.element);
  return element === undefined || storageBytes(element) < 4;
}
