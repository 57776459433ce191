import { type IrReader, type Operation, walk } from "../../ir/module.ts";
import { elementOf, type Type } from "../../ir/types.ts";
import type { WebGpuTarget } from "../../targets/webgpu.ts";
import { wgslOperationRefusal, wgslTypeRefusal } from "../../targets/wgsl-capabilities.ts";
import { type Access, bytesOf } from "./accesses.ts";

/** Why a device cannot run an operation of the buffer level; undefined when it can, as far as WGSL goes. */
export function refusalOf(reader: IrReader, op: Operation): string | undefined {
  for (const inner of walk(reader, op.id)) {
    const refusal =
      typeRefusal(reader, inner) ??
      (inner === op || !isTerminator(inner) ? wgslOperationRefusal(inner.name) : undefined);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** A limit of a device that a buffer exceeds, in bytes. */
export interface ExceededLimit {
  readonly bytes: number;
  readonly limit: "maxStorageBufferBindingSize";
  readonly given: number;
}

/** The limit that the largest of these buffers exceeds; undefined when all fit. */
export function exceededLimit(
  reader: IrReader,
  { limits }: WebGpuTarget,
  accesses: readonly Access[],
): ExceededLimit | undefined {
  const bytes = accesses.reduce((most, { value }) => Math.max(most, bytesOf(reader, value)), 0);
  const given = limits.maxStorageBufferBindingSize;
  return bytes > given ? { bytes, limit: "maxStorageBufferBindingSize", given } : undefined;
}

const isTerminator = (op: Operation): boolean => op.name.endsWith(".yield") || op.name === "scf.condition";

function typeRefusal(reader: IrReader, op: Operation): string | undefined {
  const refuse = (type: Type): string | undefined => wgslTypeRefusal(elementOf(type).text);
  for (const value of [...op.operands, ...op.results]) {
    const refusal = refuse(reader.typeOf(value));
    if (refusal !== undefined) return refusal;
  }
  for (const region of op.regions)
    for (const block of region)
      for (const argument of reader.block(block).arguments) {
        const refusal = refuse(reader.typeOf(argument));
        if (refusal !== undefined) return refusal;
      }
  return undefined;
}
