import { CompileError, defineDiagnostics, message } from "../support/diagnostic.ts";
import { unknownLocation } from "../support/location.ts";
import { bitWidth, isFloat } from "../support/numeric/element-type.ts";
import { allocateTensor, type HostTensor, writeElement } from "../support/numeric/host-tensor.ts";
import type { Port } from "./executor.ts";

const randomDiagnostics = defineDiagnostics("input", {
  "open-shape": {
    severity: "error",
    message: message`input ${"name"} has no shape to fill with random numbers`,
    help: "give it a file",
  },
});

/** Repeatable pseudo-random numbers in [0, 1): the "mulberry32" generator. */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Random elements: floats in [-1, 1), integers in [0, 8), so that they serve as small indices too. */
export function randomTensor(port: Port, random: () => number): HostTensor {
  const { name, elementType, shape } = port;
  if (!shape) throw new CompileError([randomDiagnostics.at("open-shape", unknownLocation, { name })]);
  const tensor = allocateTensor(elementType, shape);
  const range = Math.min(8, 2 ** Math.max(1, bitWidth(elementType) - 1));
  for (let index = 0; index < tensor.data.length; index++)
    writeElement(tensor, index, isFloat(elementType) ? random() * 2 - 1 : Math.floor(random() * range));
  return tensor;
}
