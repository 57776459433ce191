import type { Diagnostic } from "../../../support/diagnostic.ts";
import type { IrReader, Operation } from "../../module.ts";
import type { Type } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";

/** What a rule about an operation looks at. */
export interface OperationView {
  readonly op: Operation;
  readonly reader: IrReader;
}

/** The type of the first result. */
export const resultType = ({ op, reader }: OperationView): Type => reader.typeOf(op.results[0]!);

/** What a cast reports that is none. */
export const castError = (op: Operation, source: Type, result: Type): Diagnostic =>
  broken(op, `operand type '${source.text}' and result type '${result.text}' are cast incompatible`);
