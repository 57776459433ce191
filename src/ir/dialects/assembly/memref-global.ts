import type { CustomDirective } from "../../assembly.ts";
import { typeAttribute, unitAttribute } from "../../attributes.ts";
import { tensorType, type Type } from "../../types.ts";
import { assume } from "./malformed.ts";

/** The type of a global's elements: the tensor of its shape. */
const contentsOf = (type: Type): Type => (type.kind === "memref" ? tensorType(type.shape, type.element) : type);

/** `memref<2xf32> = dense<…>`, the type of a global and its contents without their type, or `uninitialized`. */
export const globalTypeAndInitialValue: CustomDirective = {
  print(op, [typeName, valueName], printer) {
    const type = op.attribute(typeName!);
    const value = op.attribute(valueName!);
    assume(type?.kind === "type");
    printer.type(type.type);
    if (value === undefined) return;
    printer.write(" = ");
    if (value.kind === "unit") printer.write("uninitialized");
    else {
      assume(typeOf(value) === contentsOf(type.type));
      printer.attributeWithoutType(value);
    }
  },
  parse(read, [typeName, valueName], parser) {
    const place = parser.place();
    const type = parser.type();
    if (type.kind !== "memref" || type.shape.includes("?"))
      return parser.fail(`type should be static shaped memref, but got '${type.text}'`, place);
    read.setAttribute(typeName!, typeAttribute(type));
    if (!parser.optional("=")) return;
    const isUninitialized = parser.optional("uninitialized");
    read.setAttribute(valueName!, isUninitialized ? unitAttribute : parser.attributeOfType(contentsOf(type)));
  },
};

const typeOf = (attribute: { readonly kind: string; readonly type?: Type | undefined }): Type | undefined =>
  attribute.type;
