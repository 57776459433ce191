import { integerAttribute } from "../../../ir/attributes.ts";
import { workgroupCount } from "../../../ir/dialects/assembly/gpu.ts";
import { gpu } from "../../../ir/dialects/gpu.ts";
import { addressSpace } from "../../../ir/dialects/gpu/attributes.ts";
import { workgroupBuffers } from "../../../ir/dialects/rules/gpu.ts";
import type { ValueId } from "../../../ir/module.ts";
import { memRefType, type Type } from "../../../ir/types.ts";
import type { KernelSite } from "../mapping.ts";

/** Gives the kernel a buffer that the invocations of a workgroup share. */
export function workgroupBuffer({ rewriter, block }: KernelSite, elements: number, element: Type): ValueId {
  const kernel = rewriter.operation(rewriter.holderOf(block));
  rewriter.update(kernel.id, {
    attributes: { ...kernel.attributes, [workgroupCount]: integerAttribute(workgroupBuffers(kernel) + 1) },
  });
  return rewriter.appendArgument(block, memRefType([elements], element, undefined, addressSpace("workgroup")));
}

/** Lets invocations of a workgroup go on when all have come here. */
export const barrier = ({ rewriter }: Pick<KernelSite, "rewriter">): void => void gpu.barrier.build(rewriter, {}, {});

/** The number of the invocation in its workgroup. */
export const threadNumber = ({ rewriter }: Pick<KernelSite, "rewriter">): ValueId =>
  gpu.thread_id.build(rewriter, {}, { dimension: "x" }).result;
