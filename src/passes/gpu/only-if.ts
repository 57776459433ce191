import { scf } from "../../ir/dialects/scf.ts";
import type { ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";

/** Builds operations that run under a condition. */
export function onlyIf(rewriter: Rewriter, condition: ValueId, body: () => void): void {
  scf.if.build(
    rewriter,
    { condition },
    {},
    {
      resultTypes: [],
      regions: {
        thenRegion: [
          {
            arguments: [],
            body: (builder) => {
              body();
              scf.yield.build(builder, { results: [] }, {});
            },
          },
        ],
      },
    },
  );
}
