import { linalg } from "../../ir/dialects/linalg.ts";
import { isStructured } from "../../ir/dialects/linalg/structured-view.ts";
import type { IrReader, Operation } from "../../ir/module.ts";
import { type AffineMap, evaluateAffine } from "../../ir/affine.ts";
import { elementOf, isShaped } from "../../ir/types.ts";
import type { HostTensor } from "../../support/numeric/host-tensor.ts";
import { fail } from "../diagnostics.ts";
import { iterationSpace, outputCount } from "../iteration-space.ts";
import { asTensor, contextual, type DialectRules, type Execution, pure, terminator } from "../rule.ts";
import {
  type BufferView,
  forEachOffset,
  isBuffer,
  isScalar,
  isTensor,
  loadElement,
  rowMajorStrides,
  type RuntimeValue,
  type Scalar,
  storeElement,
} from "../values.ts";
import { linalgAggregateRules } from "./linalg-aggregates.ts";
import { bufferIndex, copyElements } from "./memref.ts";

/** Whether the operation runs as a loop over its body: fills and plain copies are faster. */
export const isLoopNest = (reader: IrReader, op: Operation): boolean =>
  isStructured(op) && op.name !== linalg.fill.name && !(op.name === linalg.copy.name && isPlainCopy(reader, op));
const isPlainCopy = (reader: IrReader, op: Operation): boolean => {
  const [from, to] = op.operands.map((operand) => reader.typeOf(operand));
  return from !== undefined && to !== undefined && isShaped(from) && elementOf(from) === elementOf(to);
};

/** Outputs as the operation may write them: buffers as they are, tensors in storage of their own. */
export function outputsOf(
  execution: Execution,
  op: Operation,
  operands: readonly RuntimeValue[],
): readonly RuntimeValue[] {
  const first = operands.length - outputCount(op);
  return operands.slice(first).map((value, index) => execution.take(op, first + index, value));
}

/** What the operation's results are: its tensor outputs. */
export const tensorResults = (outputs: readonly RuntimeValue[]): readonly RuntimeValue[] => outputs.filter(isTensor);

/** Where the elements of a tensor or buffer are. Tensors of strings have no bytes, but are read and written in the same way. */
type Window = Pick<BufferView, "shape" | "strides" | "offset"> & Pick<HostTensor, "elementType" | "data">;
const windowOn = (value: RuntimeValue): Window =>
  isBuffer(value) ? value : { ...asTensor(value), strides: rowMajorStrides(asTensor(value).shape), offset: 0 };

function generic(execution: Execution, op: Operation, operands: readonly RuntimeValue[]): readonly RuntimeValue[] {
  const { maps, sizes } = iterationSpace(execution.reader, op, operands);
  const outputs = outputsOf(execution, op, operands);
  const inputs = operands.slice(0, operands.length - outputs.length);
  const all = [...inputs, ...outputs];
  const windows = all.map((value) => (isScalar(value) ? undefined : windowOn(value)));
  const position = sizes.map(() => 0);
  const at = (window: Window, map: AffineMap): number =>
    bufferIndex(
      op,
      window,
      map.results.map((result) => evaluateAffine(result, position)),
    );
  execution.loopPositions.push(position);
  try {
    if (!sizes.includes(0))
      for (let running = true; running;) {
        execution.count(op, 1);
        const values = all.map((value, index) => {
          const window = windows[index];
          return window ? loadElement(window.elementType, window.data, at(window, maps[index]!)) : value;
        });
        const yielded = execution.runRegion(op, 0, values);
        yielded.forEach((value, index) => {
          const operand = inputs.length + index;
          const window = windows[operand]!;
          storeElement(window.elementType, window.data, at(window, maps[operand]!), value as Scalar);
        });
        let axis = sizes.length - 1;
        for (; axis >= 0; axis--) {
          if (++position[axis]! < sizes[axis]!) break;
          position[axis] = 0;
        }
        running = axis >= 0;
      }
  } finally {
    execution.loopPositions.pop();
  }
  return tensorResults(outputs);
}

function fill(execution: Execution, op: Operation, operands: readonly RuntimeValue[]): readonly RuntimeValue[] {
  const outputs = outputsOf(execution, op, operands);
  const value = operands[0] as Scalar;
  for (const output of outputs) {
    const window = windowOn(output);
    if (isTensor(output) && window.data.length > 0) {
      storeElement(output.elementType, output.data, 0, value);
      (output.data as Float64Array).fill((output.data as Float64Array)[0]!);
    } else
      forEachOffset(window.shape, window.strides, window.offset, (at) =>
        storeElement(window.elementType, window.data, at, value),
      );
  }
  return tensorResults(outputs);
}

/** Evaluation of the `linalg` dialect. On buffers its operations have effects, which whoever folds sees from the operands. */
export const linalgRules: DialectRules = {
  ...Object.fromEntries(
    linalg.dialect.operations
      .filter(({ name }) => isStructured({ name }))
      .map(({ name }) => [name.slice("linalg.".length), pure(generic)]),
  ),
  ...linalgAggregateRules,
  fill: pure(fill),
  copy: pure((execution, op, operands) => {
    if (isLoopNest(execution.reader, op)) return generic(execution, op, operands);
    const outputs = outputsOf(execution, op, operands);
    copyElements(op, windowOn(operands[0]!), windowOn(outputs[0]!));
    return tensorResults(outputs);
  }),
  index: contextual((execution, op) => {
    const dimension = linalg.index.match(execution.reader, op)?.attributes.dim ?? 0;
    const position = execution.loopPositions.at(-1)?.[dimension];
    return [position ?? fail("malformed", op.location, { name: op.name, reason: "there is no such loop around it" })];
  }),
  yield: terminator,
};
