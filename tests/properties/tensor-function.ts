import { createFunction, createModule } from "../../src/ir/create-module.ts";
import type { Module } from "../../src/ir/module.ts";
import { f32, tensorType } from "../../src/ir/types.ts";
import { entryBuilder } from "../../src/passes/lower-onnx/driver.ts";
import type { Tensor } from "../../src/passes/lower-onnx/tensor.ts";
import type { TensorBuilder } from "../../src/passes/lower-onnx/tensor-builder.ts";

/** A module whose one function takes tensors of f32 of these shapes. */
export const tensorFunction = (
  shapes: readonly (readonly number[])[],
  body: (t: TensorBuilder, inputs: readonly Tensor[]) => readonly Tensor[],
): Module =>
  createModule((r) => {
    const types = shapes.map((shape) => tensorType(shape, f32));
    createFunction(r, "main", types, (builder, values) => {
      const point = builder.insertionPoint;
      if (point?.kind !== "end") throw new Error("a function's body is built at its end");
      const t = entryBuilder(r, point.block, { resources: true });
      return body(
        t,
        values.map((value) => t.wrap(value)),
      ).map(({ value }) => value);
    });
  });
