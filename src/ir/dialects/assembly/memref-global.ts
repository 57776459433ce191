import type { CustomAssembly } from "../../assembly.ts";
import { stringAttribute, typeAttribute, unitAttribute } from "../../attributes.ts";
import { tensorType, type Type } from "../../types.ts";
import { assume } from "./malformed.ts";

const shownElsewhere = ["sym_name", "sym_visibility", "type", "initial_value", "constant"] as const;

/** The type of a global's elements: the tensor of its shape. */
const contentsOf = (type: Type): Type => (type.kind === "memref" ? tensorType(type.shape, type.element) : type);

/** `memref.global "private" constant @name : memref<2xf32> = dense<…>`. */
export const globalAssembly: CustomAssembly = {
  print(op, printer) {
    const { sym_name: name, sym_visibility: visibility, type, initial_value: value } = op.properties;
    assume(name?.kind === "string" && type?.kind === "type");
    assume(value === undefined || value.kind === "unit" || typeOf(value) === contentsOf(type.type));
    if (visibility !== undefined) {
      printer.write(" ");
      printer.attribute(visibility);
    }
    if (op.properties["constant"] !== undefined) printer.write(" constant");
    printer.write(" ");
    printer.symbol(name.value);
    printer.write(" : ");
    printer.type(type.type);
    if (value?.kind === "unit") printer.write(" = uninitialized");
    else if (value !== undefined) {
      printer.write(" = ");
      printer.attributeWithoutType(value);
    }
    printer.attributeDictionary(op, shownElsewhere);
  },
  parse(parser) {
    const visibility = parser.atString() ? parser.string() : undefined;
    const isConstant = parser.optional("constant");
    const name = parser.symbol();
    parser.expect(":");
    const type = parser.type();
    const value = !parser.optional("=")
      ? undefined
      : parser.optional("uninitialized")
        ? unitAttribute
        : parser.attributeOfType(contentsOf(type));
    return {
      attributes: {
        ...parser.attributeDictionary(),
        sym_name: stringAttribute(name),
        type: typeAttribute(type),
        ...(visibility === undefined ? {} : { sym_visibility: stringAttribute(visibility) }),
        ...(isConstant ? { constant: unitAttribute } : {}),
        ...(value === undefined ? {} : { initial_value: value }),
      },
    };
  },
};

const typeOf = (attribute: { readonly kind: string; readonly type?: Type | undefined }): Type | undefined =>
  attribute.type;
