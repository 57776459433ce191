import { func } from "../../ir/dialects/func.ts";
import { fail } from "../diagnostics.ts";
import { type DialectRules, effect, terminator } from "../rule.ts";

/** Evaluation of the `func` dialect. */
export const funcRules: DialectRules = {
  return: terminator,
  call: effect((execution, op, operands) => {
    const view = func.call.match(execution.reader, op);
    const callee = view?.attributes.callee;
    if (callee === undefined) return fail("malformed", op.location, { name: op.name, reason: "there is no callee" });
    return execution.call(op, callee, operands);
  }),
};
