import type { Module } from "../../src/ir/module.ts";
import { f32, i32 } from "../../src/ir/types.ts";
import type { Tensor } from "../../src/passes/lower-onnx/tensor.ts";
import type { TensorBuilder } from "../../src/passes/lower-onnx/tensor-builder.ts";
import { tensorFunction } from "../properties/tensor-function.ts";

/** Shapes of the arguments of a generated program: elements, another tensor of them, one number for each place along each axis. */
export const rowInputs: readonly (readonly number[])[] = [[3, 2, 18], [3, 2, 18], [3, 1, 1], [18]];

/** Which axes are inside a row. */
const rowAxes: readonly (readonly number[])[] = [[2], [1], [0], [1, 2], [0, 2], [0, 1, 2]];

type Step = (t: TensorBuilder, pick: () => Tensor, axes: readonly number[], n: readonly number[]) => Tensor | undefined;

/** Each makes a tensor of earlier ones, as normalizations do: statistics of rows, elements with statistics, and what does not fit. */
const steps: readonly Step[] = [
  (t, pick, axes, n) => (n[1]! % 2 ? t.sum(pick(), axes, true) : t.max(pick(), axes, true)),
  (t, pick, _, n) =>
    t.elementwise([pick(), pick()], f32, (s, a, b) => [s.add, s.sub, s.max, s.min][n[1]! % 4]!.call(s, a!, b!)),
  (t, pick, _, n) =>
    t.elementwise([pick(), pick(), pick()], f32, (s, a, b, c) => s.max(s.sub(a!, b!), n[1]! % 2 ? c! : s.neg(c!))),
  (t, pick, _, n) => t.map(pick(), (s, x) => s.add(s.div(x, s.constant(2, f32)), s.constant(n[1]! % 3, f32))),
  (t, pick, axes, n) => {
    const x = pick();
    return t.elementwise([x, t.max(x, axes, true)], f32, (s, a, most) =>
      s.add(s.sub(a!, most!), s.cast(s.cast(s.loopIndex(n[1]! % 3), i32), f32)),
    );
  },
  // Along other axes than the rows'.
  (t, pick, _, n) => t.sum(pick(), [n[1]! % 3], true),
  (t, pick, _, n) => {
    const x = pick();
    const order = [
      [0, 2, 1],
      [2, 1, 0],
      [1, 2, 0],
    ][n[1]! % 3]!;
    const turned = t.transpose(x, order);
    return t.map(
      t.transpose(
        turned,
        [0, 1, 2].map((axis) => order.indexOf(axis)),
      ),
      (s, value) => s.mul(value, s.constant(2, f32)),
    );
  },
];

/** A module with one function of several results, made by choices; its inputs are `rowInputs`. */
export const rowProgram = (choices: readonly (readonly number[])[]): Module =>
  tensorFunction(rowInputs, (t, inputs) => {
    const made = [...inputs];
    made[3] = t.reshape(made[3]!, [1, 1, 18]);
    const axes = rowAxes[(choices[0]?.[4] ?? 0) % rowAxes.length]!;
    for (const n of choices) {
      let next = n[5]!;
      const pick = (): Tensor => {
        next = (next * 31 + 7) % 1009;
        return made.at(-1 - (next % Math.min(4, made.length)))!;
      };
      const tensor = steps[n[0]! % steps.length]!(t, pick, axes, n);
      if (tensor) made.push(tensor);
    }
    return made.slice(-2);
  });
