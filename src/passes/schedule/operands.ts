import { dimensionsOf } from "../../ir/affine.ts";
import { bodyOf } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { elementOf, hostElementType, type MemRefType } from "../../ir/types.ts";
import { storageBytes } from "../../support/numeric/element-type.ts";
import type { CpuTarget } from "../../targets/cpu.ts";
import { type Access, anchorOf, type KernelGroup, loopsOf } from "../kernels/group.ts";
import { baseOf } from "../kernels/placed-operands.ts";
import { constantBytes } from "../tile/constant-packing.ts";
import { strideAlong, type VectorStride } from "../vectorize/operand-access.ts";

/** Bytes of the widest element that a group's bodies compute with. */
function widestElement(rewriter: Rewriter, group: KernelGroup): number {
  let widest = 1;
  const see = (text: ReturnType<Rewriter["typeOf"]>): void => {
    const element = hostElementType(elementOf(text));
    if (element !== undefined && element !== "string" && element !== "index")
      widest = Math.max(widest, storageBytes(element));
  };
  for (const { op, inputs, outputs } of group.stages) {
    for (const { value } of [...inputs, ...outputs]) see(rewriter.typeOf(value));
    for (const inner of bodyOf(rewriter, op)) for (const result of inner.results) see(rewriter.typeOf(result));
  }
  return widest;
}

/** What is to be known of a group to schedule it. */
export class GroupFacts {
  readonly rewriter: Rewriter;
  readonly group: KernelGroup;
  readonly target: CpuTarget;
  readonly elementBytes: number;

  constructor(rewriter: Rewriter, group: KernelGroup, target: CpuTarget) {
    this.rewriter = rewriter;
    this.group = group;
    this.target = target;
    this.elementBytes = widestElement(rewriter, group);
  }

  bound(loop: number): number {
    return this.group.bounds[loop]!;
  }
  get parallel(): readonly number[] {
    return loopsOf(this.group, "parallel");
  }
  get reductions(): readonly number[] {
    return loopsOf(this.group, "reduction");
  }
  get maximumLanes(): number {
    return Math.max(1, this.target.vectorBytes / this.elementBytes);
  }
  /** The anchor's inputs that are buffers, with their positions. */
  get inputs(): readonly { readonly access: Access; readonly operand: number }[] {
    return anchorOf(this.group)
      .inputs.map((access, operand) => ({ access, operand }))
      .filter(({ access }) => this.isBuffer(access));
  }
  isBuffer(access: Access): boolean {
    return this.rewriter.typeOf(access.value).kind === "memref";
  }
  isConstant(access: Access): boolean {
    return constantBytes(this.rewriter, access.value) !== undefined;
  }
  stride(access: Access, loop: number): VectorStride {
    return strideAlong(this.rewriter, access, loop) ?? { kind: "scattered" };
  }
  uses(access: Access, loop: number): boolean {
    return access.map.results.some((index) => dimensionsOf(index).has(loop));
  }
  /** Whether all stages write neighbouring iterations of a loop next to each other, or in between iterations of a loop to be written out. */
  writesAlong(loop: number): boolean {
    return this.group.stages.every(({ outputs }) =>
      outputs.every((access) => {
        const stride = this.stride(access, loop);
        return (stride.kind === "along" && stride.factor === 1) || this.#isWoven(stride);
      }),
    );
  }
  #isWoven(stride: VectorStride): boolean {
    return (
      stride.kind === "interleaved" && this.bound(stride.loop) === stride.count && this.parallel.includes(stride.loop)
    );
  }
  /** Loops whose iterations lie between the lanes of some operand when `loop` goes into lanes; they are to be written out. */
  wovenLoops(loop: number): readonly number[] {
    const strides = this.group.stages
      .flatMap(({ inputs, outputs }) => [...inputs, ...outputs])
      .map((access) => this.stride(access, loop));
    return [
      ...new Set(
        strides.flatMap((stride) => (stride.kind === "interleaved" && this.#isWoven(stride) ? [stride.loop] : [])),
      ),
    ];
  }
  /** Whether vectors along a loop cannot be loaded from where an operand lies. */
  isScattered(access: Access, loop: number): boolean {
    const stride = this.stride(access, loop);
    if (stride.kind === "interleaved") return !this.#isWoven(stride);
    return stride.kind === "scattered" || (stride.kind === "along" && stride.factor > 2);
  }

  /**
   * Whether elements may be computed twice: the results do not depend on what their buffers hold, and nothing that is read from memory
   * is written.
   */
  get mayRepeat(): boolean {
    const { stages, anchor } = this.group;
    const reduces = this.reductions.length > 0;
    const own = anchorOf(this.group);
    if (
      reduces &&
      !own.outputs.every(({ value }) =>
        stages.some(({ op, outputs }) => op.name === "linalg.fill" && outputs[0]!.value === value),
      )
    )
      return false;
    const written = new Map<string, number>();
    const bases = new Set(stages.flatMap(({ outputs }) => outputs.map(({ value }) => baseOf(this.rewriter, value))));
    const nameOf = ({ value, map }: Access): string => `${value} ${map.text}`;
    for (const [position, stage] of stages.entries()) {
      const outputs = position === anchor && reduces ? [] : stage.outputs.filter((_, at) => this.#isRead(position, at));
      for (const access of [...stage.inputs, ...outputs]) {
        if (!this.isBuffer(access) || written.has(nameOf(access))) continue;
        if (bases.has(baseOf(this.rewriter, access.value))) return false;
      }
      for (const access of stage.outputs) written.set(nameOf(access), position);
    }
    return true;
  }
  #isRead(stage: number, output: number): boolean {
    const { op, inputs } = this.group.stages[stage]!;
    if (op.name === "linalg.fill") return false;
    const argument = this.rewriter.block(op.regions[0]![0]!).arguments[inputs.length + output]!;
    return this.rewriter.uses(argument).length > 0;
  }

  /** Bytes of the elements an operand has over all loops. */
  bytesOf(access: Access): number {
    const type = this.rewriter.typeOf(access.value) as MemRefType;
    const element = hostElementType(type.element);
    const bytes = element === undefined || element === "string" ? 1 : storageBytes(element);
    return type.shape.reduce<number>((product, size) => product * (size as number), bytes);
  }

  /**
   * Lanes for `count` neighbouring iterations: narrow vectors for few, else the width that wastes least, given how many multiply-adds a
   * cycle the target starts for each width.
   */
  lanesFor(count: number): number {
    const widths: number[] = [];
    for (let lanes = this.maximumLanes; lanes >= 4; lanes /= 2) widths.push(lanes);
    const fitting = widths.filter((lanes) => lanes <= count);
    const cost = (lanes: number): number =>
      Math.ceil(count / lanes) / (this.target.fmaPerCycle[lanes * this.elementBytes] ?? 1);
    return fitting.reduce((best, lanes) => (cost(lanes) < cost(best) ? lanes : best), fitting[0] ?? 1);
  }
}
