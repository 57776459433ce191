import { unknownLocation } from "../../../support/location.ts";
import type { Strategy } from "../strategy.ts";

/** Forgets where operations came from. */
export const locations: Strategy = {
  name: "drop locations",
  edits: (index) =>
    [index.reader.operation(index.module.root), ...index.operations]
      .filter(({ location }) => location.kind !== "unknown")
      .map(({ id }) => (rewriter) => {
        if (rewriter.exists(id)) rewriter.update(id, { location: unknownLocation });
      }),
};
