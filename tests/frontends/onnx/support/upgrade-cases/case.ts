import type { HostTensor } from "../../../../../src/support/numeric/host-tensor.ts";
import { f32, initializer, untyped, value, writeModel, type Graph, type Node } from "../model-writer.ts";

/**
 * A model of an old operator set. ONNX Runtime runs the upgraded model; the outputs must be those that it gives for the old
 * one or, where it has no such old operator any more, `expected`, worked out from the old specification.
 */
export interface UpgradeCase {
  readonly name: string;
  readonly opset: number;
  readonly nodes: readonly Node[];
  readonly inputs?: Readonly<Record<string, HostTensor>>;
  readonly constants?: Readonly<Record<string, HostTensor>>;
  readonly outputs?: readonly string[];
  /** Shape and values of each output. */
  readonly expected?: readonly (readonly [readonly number[], readonly number[]])[];
  /** Inputs get no declared shape, so that no rewrite can rely on ranks. */
  readonly openRanks?: boolean;
}

const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
/** 1, 2, 3, … in the shape. */
export const ramp = (...shape: number[]): HostTensor =>
  f32(shape, ...Array.from({ length: count(shape) }, (_, index) => index + 1));
/** Numbers of both signs without a pattern. */
export const mixed = (...shape: number[]): HostTensor =>
  f32(shape, ...Array.from({ length: count(shape) }, (_, index) => Math.fround(Math.sin(index * 1.7 + 0.3) * 3)));

/** The model of a case. */
export function buildCase(example: UpgradeCase): Uint8Array {
  const inputs = Object.entries(example.inputs ?? {});
  const constants = Object.entries(example.constants ?? {});
  const graph: Graph = {
    node: [...example.nodes],
    input: [
      ...inputs.map(([name, tensor]) =>
        value(name, tensor.elementType, example.openRanks === true ? undefined : tensor.shape),
      ),
      // IR version 3 wants every initializer among the inputs.
      ...constants.map(([name, tensor]) => value(name, tensor.elementType, tensor.shape)),
    ],
    output: (example.outputs ?? ["y"]).map(untyped),
    initializer: constants.map(([name, tensor]) => initializer(name, tensor)),
  };
  return writeModel({ opset: example.opset, irVersion: 3, graph });
}
