import { type IrReader, ModuleReader, type OpId, type Operation, parentOf, walk } from "../../../module.ts";
import type { Type } from "../../../types.ts";
import { type OperationView, resultType } from "../../rules/operation-view.ts";
import { typeOfSizes } from "../sizes.ts";
import type { Check, WithAttributes } from "./check.ts";
import { sameValue } from "./control-flow.ts";

type Declarations = ReadonlyMap<string, Operation>;
/** Variables by name, of the modules of a program that does not change. */
const known = new WeakMap<IrReader, Map<OpId, Declarations>>();

/** The variables below a module, the first of each name. */
function declarationsIn(reader: IrReader, module: OpId): Declarations {
  const found = known.get(reader)?.get(module);
  if (found !== undefined) return found;
  const declarations = new Map<string, Operation>();
  for (const op of walk(reader, module)) {
    const name = op.name === "tosa.variable" ? op.properties["sym_name"] : undefined;
    if (name?.kind === "string" && !declarations.has(name.value)) declarations.set(name.value, op);
  }
  if (reader instanceof ModuleReader) known.set(reader, (known.get(reader) ?? new Map()).set(module, declarations));
  return declarations;
}

/** The module that an operation stands in. */
function moduleOf({ op, reader }: OperationView): OpId {
  let outer = parentOf(reader, op);
  while (outer !== undefined && outer.name !== "builtin.module") outer = parentOf(reader, outer);
  return outer?.id ?? reader.root;
}

/** The variable that is read or written is declared, with the type of the value. */
const declaredVariable =
  (typeOf: (view: OperationView) => Type, value: string): Check<WithAttributes<{ readonly name: string }>> =>
  (view) => {
    const { name } = view.attributes;
    const declaration = declarationsIn(view.reader, moduleOf(view)).get(name);
    if (declaration === undefined) return `'${name}' has not been declared by 'tosa.variable'`;
    const { var_shape: sizes, type } = declaration.properties;
    const declared = typeOfSizes(sizes, type);
    return declared && sameValue(typeOf(view), value, declared, "the input tensor");
  };
export const readVariable = declaredVariable(resultType, "'output1'");
export const writtenVariable = declaredVariable(({ op, reader }) => reader.typeOf(op.operands[0]!), "'input1'");
