import { type Attribute, hostTensorOf } from "../ir/attributes.ts";
import type { IrReader, Operation } from "../ir/module.ts";
import { hostElementType, staticShape } from "../ir/types.ts";
import { CompileError } from "../support/diagnostic.ts";
import { storageBytes } from "../support/numeric/element-type.ts";
import { bytesOf, elementCount } from "../support/numeric/host-tensor.ts";
import { backendDiagnostics } from "./diagnostics.ts";

/**
 * The bytes of a constant global's initial value, in host storage; undefined when it has none.
 * @throws CompileError `backend/missing-resource`
 */
export function globalBytes(reader: IrReader, op: Operation, value: Attribute): Uint8Array | undefined {
  if (value.kind === "dense") {
    const tensor = hostTensorOf(value);
    if (tensor !== undefined && tensor.elementType !== "string") return bytesOf(tensor);
  }
  if (value.kind === "resource") {
    const shape = staticShape(value.type);
    const elementType = hostElementType(value.type.element);
    if (shape !== undefined && elementType !== undefined && elementType !== "string") {
      const expected = elementCount(shape) * storageBytes(elementType);
      const found = reader.resource(value.key)?.bytes;
      if (found !== undefined && found.length === expected) return found;
      const values = { key: value.key, found: found === undefined ? "missing" : `${found.length} bytes`, expected };
      throw new CompileError([backendDiagnostics.at("missing-resource", op.location, values)]);
    }
  }
  return undefined;
}
