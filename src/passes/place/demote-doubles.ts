import {
  arrayAttribute,
  type Attribute,
  type Attributes,
  denseAttribute,
  dictionaryAttribute,
  floatAttribute,
  hostTensorOf,
  resourceAttribute,
  stringAttribute,
} from "../../ir/attributes.ts";
import { type Operation, walk } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import {
  elementOf,
  f32,
  f64,
  functionType,
  type TensorType,
  type Type,
  type VectorType,
  withElement,
} from "../../ir/types.ts";
import { CompileError } from "../../support/diagnostic.ts";
import { pass } from "../pass.ts";
import { placeDiagnostics } from "./diagnostics.ts";

/**
 * Computes in f32 what the program computes in f64: values, constants, and the function's inputs and outputs. Constants beyond the
 * range of f32 become infinite.
 */
export const demoteDoubles = pass({
  name: "demote-doubles",
  summary: "compute in f32 what is computed in f64, inputs and outputs included",
  anchors: ["builtin.module"],
  statistics: { values: "values that were f64" },
  run(module, _, context) {
    const rewriter = new Rewriter(module);
    let values = 0;
    const ports: string[] = [];
    for (const op of [...walk(rewriter)]) {
      if (op.name.endsWith(".bitcast") && touchesDoubles(rewriter, op))
        throw new CompileError([placeDiagnostics.at("double-bits", op.location, { operation: op.name })]);
      for (const value of [...op.results, ...argumentsOf(rewriter, op)]) {
        const type = rewriter.typeOf(value);
        const demoted = demotedType(type);
        if (demoted === type) continue;
        rewriter.setType(value, demoted);
        values++;
      }
      const properties = demotedAttributes(rewriter, op.properties, ports);
      if (properties !== op.properties) rewriter.update(op.id, { properties });
    }
    if (values === 0) return module;
    dropIdentities(rewriter);
    context.count("values", values);
    const named = ports.length === 0 ? "" : `, among them ${[...new Set(ports)].join(", ")} of the model's interface`;
    context.report(
      placeDiagnostics.at("doubles-as-floats", rewriter.operation(rewriter.root).location, {
        count: values,
        ports: named,
      }),
    );
    return context.commit(rewriter);
  },
});

const touchesDoubles = (rewriter: Rewriter, op: Operation): boolean =>
  [...op.operands, ...op.results].some((value) => elementOf(rewriter.typeOf(value)) === f64);
const argumentsOf = (rewriter: Rewriter, op: Operation) =>
  op.regions.flatMap((region) => region.flatMap((block) => rewriter.block(block).arguments));

function demotedType(type: Type): Type {
  if (type === f64) return f32;
  if (type.kind === "function") {
    const [inputs, results] = [type.inputs.map(demotedType), type.results.map(demotedType)];
    const isSame = [...inputs, ...results].every((other, index) => other === [...type.inputs, ...type.results][index]);
    return isSame ? type : functionType(inputs, results);
  }
  return elementOf(type) === f64 && type !== f64 ? withElement(type, f32) : type;
}

function demotedAttributes(rewriter: Rewriter, attributes: Attributes, ports: string[]): Attributes {
  let changed = false;
  const entries = Object.entries(attributes).map(([name, attribute]) => {
    const demoted = demotedAttribute(rewriter, attribute, ports);
    changed ||= demoted !== attribute;
    return [name, demoted] as const;
  });
  return changed ? Object.fromEntries(entries) : attributes;
}

function demotedAttribute(rewriter: Rewriter, attribute: Attribute, ports: string[]): Attribute {
  switch (attribute.kind) {
    case "float":
      return attribute.type === f64 ? floatAttribute(Math.fround(attribute.value), f32) : attribute;
    case "type": {
      const type = demotedType(attribute.type);
      return type === attribute.type ? attribute : { ...attribute, type };
    }
    case "array": {
      const elements = attribute.elements.map((element) => demotedAttribute(rewriter, element, ports));
      return elements.every((element, index) => element === attribute.elements[index])
        ? attribute
        : arrayAttribute(elements);
    }
    case "dictionary": {
      // The attributes of a function's argument or result.
      if (!isText(attribute.entries["weft.element"], "f64")) return attribute;
      const name = attribute.entries["weft.name"];
      ports.push(name?.kind === "string" ? name.value : "a nameless one");
      return dictionaryAttribute({ ...attribute.entries, "weft.element": stringAttribute("f32") });
    }
    case "dense": {
      if (attribute.type.element !== f64) return attribute;
      const data = Float32Array.from(hostTensorOf(attribute)!.data as Float64Array);
      const type = demotedType(attribute.type) as TensorType | VectorType;
      return denseAttribute({ elementType: "f32", shape: type.shape as readonly number[], data }, type);
    }
    case "resource":
      return attribute.type.element === f64 ? demotedResource(rewriter, attribute.key, attribute.type) : attribute;
    default:
      return attribute;
  }
}

const isText = (attribute: Attribute | undefined, text: string): boolean =>
  attribute?.kind === "string" && attribute.value === text;

function demotedResource(rewriter: Rewriter, key: string, type: TensorType | VectorType): Attribute {
  const bytes = rewriter.resource(key)?.bytes ?? new Uint8Array();
  // The bytes may start anywhere.
  const doubles = new Float64Array(bytes.slice().buffer);
  const floats = Float32Array.from(doubles);
  return resourceAttribute(
    rewriter.addResource(new Uint8Array(floats.buffer)),
    demotedType(type) as TensorType | VectorType,
  );
}

/** Conversions between f32 and what was f64 do nothing now. */
function dropIdentities(rewriter: Rewriter): void {
  for (const op of [...walk(rewriter)]) {
    if (op.name !== "arith.extf" && op.name !== "arith.truncf") continue;
    const [operand] = op.operands;
    if (operand !== undefined && rewriter.typeOf(operand) === rewriter.typeOf(op.results[0]!))
      rewriter.replace(op, [operand]);
  }
}
