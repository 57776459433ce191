import type { Diagnostic } from "../../../support/diagnostic.ts";
import type { Attributes } from "../../attributes.ts";
import { type IrReader, type Operation, parentOf, type Region, type ValueId } from "../../module.ts";
import { lookUpSymbol, symbolNameOf } from "../../symbols.ts";
import type { FunctionType, Type } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import type { OperationView } from "./operation-view.ts";

interface FunctionView extends OperationView {
  readonly attributes: {
    readonly function_type: FunctionType;
    readonly sym_visibility: string | undefined;
    readonly arg_attrs: readonly Attributes[] | undefined;
    readonly res_attrs: readonly Attributes[] | undefined;
  };
  readonly regions: { readonly body: Region };
}

export function* verifyFunction({ op, reader, attributes, regions }: FunctionView): Generator<Diagnostic> {
  const { inputs, results } = attributes.function_type;
  const lists = [
    ["arg_attrs", "argument", inputs.length],
    ["res_attrs", "result", results.length],
  ] as const;
  for (const [name, what, count] of lists) {
    const list = attributes[name];
    if (list === undefined) continue;
    if (list.length !== count)
      yield broken(
        op,
        `expects ${what} attribute array to have the same number of elements as the number of function ${what}s, got ${list.length}, but expected ${count}`,
      );
  }
  for (const [name, what] of lists) {
    const names = (attributes[name] ?? []).flatMap((entries) => Object.keys(entries));
    if (names.some((key) => !key.includes("."))) yield broken(op, `${what}s may only have dialect attributes`);
  }
  const entry = regions.body[0];
  if (entry === undefined) {
    if (attributes.sym_visibility === undefined || attributes.sym_visibility === "public")
      yield broken(op, "symbol declaration cannot have public visibility");
    return;
  }
  const types = reader.block(entry).arguments.map((argument) => reader.typeOf(argument));
  if (types.length !== inputs.length)
    yield broken(op, `entry block must have ${inputs.length} arguments to match function signature`);
  else
    for (const [index, type] of types.entries())
      if (type !== inputs[index])
        yield broken(
          op,
          `type of entry block argument #${index}('${type.text}') must match the type of the corresponding argument in function signature('${inputs[index]!.text}')`,
        );
}

interface ReturnView extends OperationView {
  readonly types: { readonly operands: readonly Type[] };
}

export function* verifyReturn({ op, reader, types }: ReturnView): Generator<Diagnostic> {
  const parent = parentOf(reader, op);
  const type = parent?.name === "func.func" ? parent.properties["function_type"] : undefined;
  if (parent === undefined || type?.kind !== "type" || type.type.kind !== "function") {
    yield broken(op, "expects parent op 'func.func'");
    return;
  }
  const { results } = type.type;
  const name = symbolNameOf(parent);
  const found = types.operands;
  if (found.length !== results.length)
    yield broken(op, `has ${found.length} operands, but enclosing function (@${name}) returns ${results.length}`);
  else
    for (const [index, operand] of found.entries())
      if (operand !== results[index])
        yield broken(
          op,
          `type of return operand ${index} ('${operand.text}') doesn't match function result type ('${results[index]!.text}') in function @${name}`,
        );
}

/** A function as a value names a function of the value's type. */
export function* verifyFunctionConstant(view: {
  readonly op: Operation;
  readonly reader: IrReader;
  readonly attributes: { readonly value: string };
  readonly results: { readonly result: ValueId };
}): Generator<Diagnostic> {
  const { op, reader, attributes, results } = view;
  const named = lookUpSymbol(reader, op, attributes.value);
  const type = named?.name === "func.func" ? named.properties["function_type"] : undefined;
  if (type?.kind !== "type") yield broken(op, `reference to undefined function '${attributes.value}'`);
  else if (type.type !== reader.typeOf(results.result)) yield broken(op, "reference to function with mismatched type");
}

interface CallView extends OperationView {
  readonly attributes: { readonly callee: string };
  readonly types: { readonly operands: readonly Type[] };
  readonly results: { readonly results: readonly ValueId[] };
}

export function* verifyCall({ op, reader, attributes, types, results }: CallView): Generator<Diagnostic> {
  const callee = lookUpSymbol(reader, op, attributes.callee);
  const type = callee?.name === "func.func" ? callee.properties["function_type"] : undefined;
  if (type?.kind !== "type" || type.type.kind !== "function") {
    yield broken(op, `'${attributes.callee}' does not reference a valid function`);
    return;
  }
  yield* sameTypes(op, "operand", types.operands, type.type.inputs);
  yield* sameTypes(
    op,
    "result",
    results.results.map((result) => reader.typeOf(result)),
    type.type.results,
  );
}

function* sameTypes(
  op: Operation,
  what: string,
  found: readonly Type[],
  expected: readonly Type[],
): Generator<Diagnostic> {
  if (found.length !== expected.length)
    yield broken(
      op,
      `incorrect number of ${what}s for callee: expected ${expected.length}, but provided ${found.length}`,
    );
  else
    for (const [index, type] of found.entries())
      if (type !== expected[index])
        yield broken(
          op,
          what === "result"
            ? `result type mismatch at index ${index}`
            : `${what} type mismatch: expected ${what} type '${expected[index]!.text}', but provided '${type.text}' for ${what} number ${index}`,
        );
}
