import { attentionShape } from "../../ir/dialects/rules/online-attention.ts";
import { weft } from "../../ir/dialects/weft.ts";
import { elementOf, hostElementType } from "../../ir/types.ts";
import { storageBytes } from "../../support/numeric/element-type.ts";
import { buildAttentionRow } from "../loops/attention-row.ts";
import type { KernelSite, MappedKernel, Mapping } from "./mapping.ts";
import { forEachRow } from "./rows/rows.ts";

/** Each invocation computes one row of attention: one query of one head. */
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
  const { rewriter, arithmetic, op } = site;
  const shape = forEachRow(site, attentionShape(rewriter, op).rows, (indices) =>
    buildAttentionRow(rewriter, arithmetic, op, indices),
  );
  rewriter.erase(op);
  return { shape };
}
