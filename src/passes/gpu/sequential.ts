import { unitAttribute } from "../../ir/attributes.ts";
import { lowerOperations } from "../loops/lower-to-loops.ts";
import { singleInvocation } from "./launch-shape.ts";
import type { Mapping } from "./mapping.ts";

/** The attribute of kernels that one invocation runs. */
export const sequentialAttributeName = "weft.sequential";

/** One invocation does everything, in plain loops: for what has no parallelism, or none that is known. */
export const sequential: Mapping = {
  name: "sequential",
  plan: () => (site) => {
    lowerOperations(site.rewriter, site.arithmetic, [site.op.id]);
    return { shape: singleInvocation, attributes: { [sequentialAttributeName]: unitAttribute } };
  },
};
