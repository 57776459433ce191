import { fail } from "../diagnostics.ts";
import { asBuffer, type DialectRules, effect } from "../rule.ts";
import { castElements } from "../vector-elements.ts";

/** Evaluation of the `builtin` dialect: buffers seen as others whose elements are of the same size. */
export const builtinRules: DialectRules = {
  unrealized_conversion_cast: effect(({ reader }, op, operands) => {
    const [source] = op.operands;
    const [result] = op.results;
    const [from, to] = [source, result].map((value) => (value === undefined ? undefined : reader.typeOf(value)));
    const isSimple = op.operands.length === 1 && op.results.length === 1;
    const cast =
      isSimple && from?.kind === "memref" && to?.kind === "memref"
        ? castElements(asBuffer(operands[0]!), from, to)
        : undefined;
    if (cast !== undefined) return [cast];
    return fail("malformed", op.location, {
      name: op.name,
      reason: "only buffers are seen as others of the same size",
    });
  }),
};
