import koffi from "koffi";
import { storageBytes } from "../../support/numeric/element-type.ts";
import { elementCount, type HostTensor, tensorFromBytes } from "../../support/numeric/host-tensor.ts";
import type { ArtifactTensor } from "../../backends/artifact.ts";

/** Memory whose address native code may keep: outside the JavaScript heap's moving part, and aligned. */
export interface AlignedMemory {
  readonly bytes: Uint8Array;
  readonly address: bigint;
}

/** Allocates zeroed memory aligned to `alignment` bytes. It lives as long as the returned object. */
export function allocateAligned(size: number, alignment = 64): AlignedMemory {
  const buffer = new ArrayBuffer(size + alignment);
  const start = koffi.address(new Uint8Array(buffer));
  const padding = Number((BigInt(alignment) - (start % BigInt(alignment))) % BigInt(alignment));
  return { bytes: new Uint8Array(buffer, padding, size), address: start + BigInt(padding) };
}

/** A tensor over aligned memory. */
export interface AlignedTensor {
  readonly tensor: HostTensor;
  readonly memory: AlignedMemory;
}

/** Allocates a tensor of zeros that native code can use in place. */
export function allocateAlignedTensor({ elementType, shape }: ArtifactTensor): AlignedTensor {
  const memory = allocateAligned(elementCount(shape) * storageBytes(elementType));
  return { memory, tensor: tensorFromBytes(elementType, shape, memory.bytes) };
}
