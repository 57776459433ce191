import { affineMaps } from "../../ir/attribute-codecs.ts";
import { type Attribute, i32ArrayAttribute, noAttributes } from "../../ir/attributes.ts";
import { linalg } from "../../ir/dialects/linalg.ts";
import { iteratorTypes } from "../../ir/dialects/linalg/attributes.ts";
import { type StructuredView, structuredView } from "../../ir/dialects/linalg/structured-view.ts";
import { walk } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { pass } from "../pass.ts";

/** Says as `linalg.generic` what named structured operations say by their names; the body is already there. */
export const generalizeNamedOps = pass({
  name: "linalg-generalize-named-ops",
  summary: "replace named structured operations by linalg.generic",
  statistics: { generalized: "operations replaced" },
  run(module, _, context) {
    const rewriter = new Rewriter(module);
    for (const op of Array.from(walk(rewriter, context.root))) {
      const view = op.name === linalg.generic.name ? undefined : structuredView(rewriter, op);
      if (view === undefined) continue;
      rewriter.update(op.id, {
        name: linalg.generic.name,
        properties: genericProperties(view),
        attributes: noAttributes,
      });
      context.count("generalized");
    }
    return context.commit(rewriter);
  },
});

const genericProperties = ({
  maps,
  iterators,
  inputs,
  outputs,
}: StructuredView): Readonly<Record<string, Attribute>> => ({
  indexing_maps: affineMaps.codec.encode(maps),
  iterator_types: iteratorTypes.codec.encode(iterators),
  operandSegmentSizes: i32ArrayAttribute([inputs.length, outputs.length]),
});
