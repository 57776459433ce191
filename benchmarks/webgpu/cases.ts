import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomSource } from "../../src/runtime/random-tensor.ts";
import { type HostTensor, tensorFromNumbers } from "../../src/support/numeric/host-tensor.ts";
import {
  type Graph,
  initializer,
  int,
  ints,
  node,
  untyped,
  value,
  writeModel,
} from "../../tests/frontends/onnx/support/model-writer.ts";
import { type RealModel, textClassifier, textDetector, textRecogniser } from "../real-models.ts";

/** One thing to be timed: a model and the multiply-adds it takes, where that says something. */
export interface Case {
  readonly model: RealModel;
  /** Floating-point operations of one run; undefined for whole networks. */
  readonly operations: number | undefined;
}

const random = randomSource(7);
const weights = (...shape: readonly number[]): HostTensor => {
  const count = shape.reduce((product, size) => product * size, 1);
  return tensorFromNumbers(
    "f32",
    shape,
    Array.from({ length: count }, () => random() - 0.5),
  );
};

type Inputs = Readonly<Record<string, readonly number[]>>;

interface Operator {
  readonly name: string;
  readonly inputs: Inputs;
  readonly graph: Pick<Graph, "node" | "initializer">;
  readonly operations: number;
}

const matmul = (size: number): Operator => ({
  name: `matmul ${size}`,
  inputs: { a: [size, size], b: [size, size] },
  graph: { node: [node("MatMul", "a b", "y")] },
  operations: 2 * size ** 3,
});

function convolution(name: string, channels: number, filters: number, kernel: number, group = 1): Operator {
  const pad = (kernel - 1) / 2;
  return {
    name: `${name} ${channels}→${filters} 56x56`,
    inputs: { x: [1, channels, 56, 56] },
    graph: {
      node: [node("Conv", "x w b", "y", { pads: ints(pad, pad, pad, pad), group: int(group) })],
      initializer: [
        initializer("w", weights(filters, channels / group, kernel, kernel)),
        initializer("b", weights(filters)),
      ],
    },
    operations: 2 * filters * (channels / group) * kernel ** 2 * 56 ** 2,
  };
}

const rows = [128, 768] as const;

/** The operators that are timed alone. */
const operators: readonly Operator[] = [
  matmul(256),
  matmul(512),
  matmul(1024),
  convolution("conv 3x3", 64, 64, 3),
  convolution("conv 1x1", 64, 128, 1),
  convolution("depthwise 3x3", 128, 128, 3, 128),
  {
    name: "softmax 128x768",
    inputs: { x: rows },
    graph: { node: [node("Softmax", "x", "y", { axis: int(-1) })] },
    operations: 0,
  },
  {
    name: "layer norm 128x768",
    inputs: { x: rows },
    graph: {
      node: [node("LayerNormalization", "x s b", "y", { axis: int(-1) })],
      initializer: [initializer("s", weights(rows[1])), initializer("b", weights(rows[1]))],
    },
    operations: 0,
  },
];

/** The multiplication of large matrices by which a GPU's share of its peak is measured. */
export const largeMatmul = matmul(4096);

/** Writes an operator's model into a folder. */
export function writeOperator({ name, inputs, graph, operations }: Operator, folder: string): Case {
  const path = join(folder, `${name.replaceAll(/[^a-z0-9]+/g, "-")}.onnx`);
  const declared = Object.entries(inputs).map(([input, shape]) => value(input, "f32", shape));
  writeFileSync(path, writeModel({ opset: 17, graph: { ...graph, input: declared, output: [untyped("y")] } }));
  return { model: { name, path, shapes: new Map(), constants: new Map() }, operations: operations || undefined };
}

/** Everything the comparison is about; models that are made for it are written into a folder. */
export const casesIn = (folder: string): readonly Case[] => [
  ...operators.map((operator) => writeOperator(operator, folder)),
  ...[textDetector, textClassifier, textRecogniser].map((model) => ({ model, operations: undefined })),
];
