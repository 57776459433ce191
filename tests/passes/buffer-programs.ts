import fc from "fast-check";
import { expect } from "vitest";
import { printModule } from "../../src/ir/text/print.ts";
import { registry } from "../../src/ir/dialects/index.ts";
import {
  allocateBuffer,
  type BufferView,
  bufferOf,
  interpretFunction,
  type RuntimeValue,
  tensorOfBuffer,
} from "../../src/interpreter/interpret.ts";
import { bodyOf, type Module, ModuleReader } from "../../src/ir/module.ts";
import { hostElementType, type MemRefType } from "../../src/ir/types.ts";
import type { NumericElementType } from "../../src/support/numeric/element-type.ts";
import { compareTensors } from "../../src/support/numeric/compare.ts";
import type { HostTensor } from "../../src/support/numeric/host-tensor.ts";

/** Runs a function whose results are buffers given as its last arguments; those start full of garbage, as memory does. */
export function runOnBuffers(module: Module, inputs: readonly HostTensor[], name = "main"): readonly HostTensor[] {
  const reader = new ModuleReader(module);
  const fn = bodyOf(reader, reader.operation(module.root)).find((op) => {
    const symbol = op.properties["sym_name"];
    return op.name === "func.func" && symbol?.kind === "string" && symbol.value === name;
  })!;
  const attributes = fn.properties["arg_attrs"];
  const types = reader.block(fn.regions[0]![0]!).arguments.map((argument) => reader.typeOf(argument) as MemRefType);
  const given: RuntimeValue[] = [];
  const outputs: BufferView[] = [];
  types.forEach((type, index) => {
    if (index < inputs.length) {
      given.push(bufferOf({ ...inputs[index]!, data: (inputs[index]!.data as Float32Array).slice() }));
      return;
    }
    const buffer = allocateBuffer(hostElementType(type.element) as NumericElementType, type.shape as number[]);
    new Uint8Array(buffer.bytes, buffer.byteOffset).fill(0x7b);
    const entry = attributes?.kind === "array" ? attributes.elements[index] : undefined;
    if (entry?.kind === "dictionary" && entry.entries["weft.output"]) outputs.push(buffer);
    given.push(buffer);
  });
  interpretFunction(module, name, given);
  inputs.forEach((input, index) => expect(tensorOfBuffer(given[index] as BufferView).data).toEqual(input.data));
  return outputs.map((output) => tensorOfBuffer(output));
}

/** Runs a tensor-level function. */
export const runOnTensors = (module: Module, inputs: readonly HostTensor[], name = "main"): readonly HostTensor[] =>
  interpretFunction(module, name, inputs) as readonly HostTensor[];

/** Fails unless the results agree within a tolerance (exactly when it is zero); shows the program otherwise. */
export function expectSame(
  actual: readonly HostTensor[],
  expected: readonly HostTensor[],
  module: Module,
  tolerance = 0,
): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((tensor, index) => {
    const result = compareTensors(tensor, expected[index]!, { absolute: tolerance, relative: tolerance });
    if (result.kind === "equal" || result.kind === "close") return;
    throw new Error(`result ${index}: ${JSON.stringify(result)}\n${printModule(module, registry)}`);
  });
}

/** A tensor of small integers in f32, which sums and products keep exact. */
export function smallIntegers(shape: readonly number[], seed: number): HostTensor {
  const count = shape.reduce((product, size) => product * size, 1);
  let state = (seed * 2654435761 + 12345) >>> 0;
  const data = Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 24) % 7) - 3;
  });
  return { elementType: "f32", shape, data };
}

/** Numbers from which a generated program makes its choices. */
export const choices: fc.Arbitrary<readonly (readonly number[])[]> = fc.array(
  fc.array(fc.nat({ max: 999 }), { minLength: 6, maxLength: 6 }),
  { minLength: 1, maxLength: 14 },
);
