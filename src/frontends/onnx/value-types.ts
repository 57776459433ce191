import { mapType, optionalType, sequenceType } from "../../ir/dialects/onnx/types.ts";
import { tensorType, type Type, typeOfElement, unrankedTensorType } from "../../ir/types.ts";
import type { OnnxDimension, OnnxType } from "./graph.ts";

/**
 * The IR type of an ONNX type, symbolic dimensions replaced by their values: a ranked tensor when every dimension is known, an
 * unranked one otherwise. Undefined for sparse tensors and opaque types, which the IR does not have.
 */
export function irType(type: OnnxType, symbols: ReadonlyMap<string, number>): Type | undefined {
  switch (type.kind) {
    case "tensor": {
      const element = typeOfElement(type.elementType);
      const shape = type.shape && staticShape(type.shape, symbols);
      return shape ? tensorType(shape, element) : unrankedTensorType(element);
    }
    case "sequence":
    case "optional": {
      const element = irType(type.element, symbols);
      return element && (type.kind === "sequence" ? sequenceType(element) : optionalType(element));
    }
    case "map": {
      const value = irType(type.value, symbols);
      return value && mapType(typeOfElement(type.key), value);
    }
    case "sparse-tensor":
    case "opaque":
      return undefined;
  }
}

function staticShape(
  shape: readonly OnnxDimension[],
  symbols: ReadonlyMap<string, number>,
): readonly number[] | undefined {
  const sizes = shape.map((size) => (typeof size === "string" ? symbols.get(size) : size));
  return sizes.every((size) => size !== undefined) ? sizes : undefined;
}
