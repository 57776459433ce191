import type { Attributes } from "../../ir/attributes.ts";
import type { BlockId, IrReader, Operation } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import type { WebGpuTarget } from "../../targets/webgpu.ts";
import type { IndexArithmetic } from "../loops/index-arithmetic.ts";
import type { KernelPadding } from "./blocked/padded-loads.ts";
import type { LaunchShape } from "./launch-shape.ts";

/** What a mapping may go by when it decides whether it fits an operation of the entry point. */
export interface MappingContext {
  readonly reader: IrReader;
  readonly target: WebGpuTarget;
}

/** A kernel that is being filled: its function holds the operation, which reads the kernel's own arguments and views. */
export interface KernelSite {
  readonly rewriter: Rewriter;
  readonly target: WebGpuTarget;
  /** Index arithmetic whose constants stand at the start of the kernel. */
  readonly arithmetic: IndexArithmetic;
  /** The operation, to be replaced by what invocations do. */
  readonly op: Operation;
  /** The kernel's only block. */
  readonly block: BlockId;
  /** Buffers that the operation reads as if they were padded. */
  readonly paddings: readonly KernelPadding[];
}

/** What a kernel came out as. */
export interface MappedKernel {
  readonly shape: LaunchShape;
  /** Discardable attributes of the kernel. */
  readonly attributes?: Attributes;
}

/**
 * One way to spread an operation over the invocations of a device. `plan` looks at an operation of the entry point, with the
 * schedule it carries; undefined when the mapping does not fit. What it returns replaces the operation, which by then has been
 * moved into the kernel: same operation, other operands.
 */
export interface Mapping {
  /** As `mapping = "…"` in `weft.schedule`. */
  readonly name: string;
  /** Whether it reads padded buffers as such; otherwise they are filled before. */
  readonly readsPadding?: boolean;
  plan(context: MappingContext, op: Operation): ((site: KernelSite) => MappedKernel) | undefined;
}
