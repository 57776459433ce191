import type { CustomDirective } from "../../assembly.ts";
import { type Attribute, typeAttribute } from "../../attributes.ts";
import { isShaped, type Type } from "../../types.ts";
import { assume } from "../assembly/malformed.ts";
import { sizesAttribute, typeOfSizes } from "./sizes.ts";

/** ` = dense<…> : type`, or ` : type` without an initial value: the type is kept as sizes and element type. */
export const typeOrInitialValue: CustomDirective = {
  print(op, [sizes, element, value], printer) {
    const type = typeOfSizes(op.attribute(sizes!), op.attribute(element!));
    const initial = op.attribute(value!);
    if (initial === undefined) {
      assume(type !== undefined);
      printer.write(": ");
      printer.type(type);
      return;
    }
    assume(typeOfValue(initial) === type);
    printer.write("= ");
    printer.attribute(initial);
  },
  parse(read, [sizes, element, value], parser) {
    let type: Type | undefined;
    if (parser.optional("=")) {
      const initial = parser.attribute();
      read.setAttribute(value!, initial);
      type = typeOfValue(initial);
    } else {
      parser.expect(":");
      type = parser.type();
    }
    if (type?.kind === "unranked-tensor" || type?.kind === "unranked-memref") parser.fail("expected ranked type");
    if (type === undefined || !isShaped(type)) return parser.fail("expected shaped type");
    read.setAttribute(sizes!, sizesAttribute(type.shape));
    read.setAttribute(element!, typeAttribute(type.element));
  },
};

const typeOfValue = (value: Attribute): Type | undefined =>
  "type" in value && value.kind !== "type" ? value.type : undefined;
