import type { CustomDirective } from "../../assembly.ts";
import { type Attribute, denseAttribute, typeAttribute } from "../../attributes.ts";
import { tensorFromNumbers } from "../../../support/numeric/host-tensor.ts";
import { type Dimension, isShaped, tensorType, type Type } from "../../types.ts";
import { assume } from "../assembly/malformed.ts";

/** Sizes as an attribute of type index; -1 stands for one that is not known. */
function sizesAttribute(shape: readonly Dimension[]): Attribute {
  const sizes = shape.map((size) => (size === "?" ? -1 : size));
  return denseAttribute(tensorFromNumbers("index", [sizes.length], sizes));
}

/** The type that a variable's sizes and element type make; undefined where they are something else. */
function typeOfVariable(sizes: Attribute | undefined, element: Attribute | undefined): Type | undefined {
  if (sizes?.kind !== "dense" || element?.kind !== "type") return undefined;
  const rank = Number(sizes.type.shape[0] ?? 0);
  const shape = Array.from({ length: rank }, (_, index) => Number(sizes.data[sizes.splat ? 0 : index]));
  return tensorType(
    shape.map((size) => (size < 0 ? "?" : size)),
    element.type,
  );
}

/** ` = dense<…> : type`, or ` : type` without an initial value: the type is kept as sizes and element type. */
export const typeOrInitialValue: CustomDirective = {
  print(op, [sizes, element, value], printer) {
    const type = typeOfVariable(op.attribute(sizes!), op.attribute(element!));
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
