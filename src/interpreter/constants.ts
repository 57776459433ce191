import {
  type Attribute,
  denseAttribute,
  type DenseAttribute,
  floatAttribute,
  hostTensorOf,
  integerAttribute,
  resourceAttribute,
} from "../ir/attributes.ts";
import type { Builder } from "../ir/builder.ts";
import type { IrReader } from "../ir/module.ts";
import { hostElementType, staticShape, type TensorType, type Type, type VectorType } from "../ir/types.ts";
import { internalError } from "../support/diagnostic.ts";
import { type Location, unknownLocation } from "../support/location.ts";
import { storageBytes } from "../support/numeric/element-type.ts";
import { roundTo } from "../support/numeric/float-formats.ts";
import { bytesOf, elementCount, type HostTensor, tensorFromBytes } from "../support/numeric/host-tensor.ts";
import { fail } from "./diagnostics.ts";
import { scalarOf } from "./numeric/integers.ts";
import { isTensor, type RuntimeValue } from "./values.ts";

/** Constants of at least this many bytes are kept as resources. */
const resourceThreshold = 1024;

// Attributes and resources are immutable, and so are the tensors read from them.
const denseTensors = new WeakMap<DenseAttribute, HostTensor>();
const resourceTensors = new WeakMap<Uint8Array, Map<string, HostTensor>>();

/**
 * The value of a constant's attribute. Tensors share storage with the attribute or resource: they must not be written.
 * @throws CompileError when the type has no host storage or the resource is missing.
 */
export function valueOfConstant(
  reader: IrReader,
  attribute: Attribute,
  type: Type,
  location: Location = unknownLocation,
): RuntimeValue {
  switch (attribute.kind) {
    case "integer":
      return scalarOf(type, attribute.value);
    case "bool":
      return attribute.value ? 1 : 0;
    case "float": {
      const format = hostElementType(type);
      if (type.kind !== "float" || format === undefined) break;
      return roundTo(type.format as Parameters<typeof roundTo>[0], attribute.value);
    }
    case "string":
      return attribute.value;
    case "dense": {
      const known = denseTensors.get(attribute);
      if (known) return known;
      const tensor = hostTensorOf(attribute);
      if (!tensor) break;
      denseTensors.set(attribute, tensor);
      return tensor;
    }
    case "resource":
      return tensorOfResource(reader, attribute.key, attribute.type, location);
  }
  return fail("unsupported-type", location, { name: "arith.constant", type: type.text });
}

function tensorOfResource(
  reader: IrReader,
  key: string,
  type: TensorType | VectorType,
  location: Location,
): HostTensor {
  const elementType = hostElementType(type.element);
  const shape = staticShape(type);
  if (elementType === undefined || elementType === "string" || !shape)
    return fail("unsupported-type", location, { name: "dense_resource", type: type.text });
  const size = elementCount(shape) * storageBytes(elementType);
  const bytes = reader.resource(key)?.bytes;
  if (bytes === undefined || bytes.byteLength !== size) return fail("missing-resource", location, { key, bytes: size });
  let byType = resourceTensors.get(bytes);
  if (!byType) resourceTensors.set(bytes, (byType = new Map()));
  let tensor = byType.get(type.text);
  if (!tensor) byType.set(type.text, (tensor = tensorFromBytes(elementType, shape, bytes)));
  return tensor;
}

/**
 * The attribute of `arith.constant` for a value of a scalar, tensor or vector type: inline, or a resource from 1 kB on unless all
 * elements are equal. Floats must be of the type already.
 */
export function constantOfValue(value: RuntimeValue, type: Type, builder: Builder): Attribute {
  if (typeof value === "number" && type.kind === "float") return floatAttribute(value, type);
  if ((typeof value === "number" || typeof value === "bigint") && (type.kind === "integer" || type.kind === "index"))
    return integerAttribute(value, type);
  if (isTensor(value) && (type.kind === "tensor" || type.kind === "vector")) {
    const dense = denseAttribute(value, type);
    if (dense.splat || value.elementType === "string") return dense;
    const bytes = bytesOf(value);
    return bytes.byteLength < resourceThreshold ? dense : resourceAttribute(builder.addResource(bytes), type);
  }
  throw internalError(`no attribute for a ${typeof value} of type ${type.text}`);
}
