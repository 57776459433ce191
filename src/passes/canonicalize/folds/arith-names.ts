import { arith } from "../../../ir/dialects/arith.ts";
import { type OpName, opName } from "../../../ir/op-name.ts";

type ArithOperation = Exclude<keyof typeof arith, "dialect">;

/** The names of arith's operations, for `definitionNamed`. */
export const arithNames = Object.fromEntries(
  arith.dialect.operations.map(({ name }) => [name.slice("arith.".length), opName(name)]),
) as Readonly<Record<ArithOperation, OpName>>;
