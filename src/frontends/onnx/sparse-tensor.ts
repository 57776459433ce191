import { CompileError } from "../../support/diagnostic.ts";
import { storageBytes } from "../../support/numeric/element-type.ts";
import { allocateTensor, elementCount, type HostTensor } from "../../support/numeric/host-tensor.ts";
import { onnxDiagnostics, onnxLocation, quote } from "./diagnostics.ts";
import type { SparseTensorProto } from "./protobuf/onnx_pb.ts";
import { decodeTensor, describeShape, type TensorContext, tensorShape } from "./tensor.ts";

/** The name of a sparse tensor is that of its values. */
export const sparseTensorName = (proto: SparseTensorProto): string => proto.values?.name ?? "";

/**
 * The dense form of a sparse tensor. Its indices are linear ([NNZ]) or coordinates ([NNZ, rank]) and must ascend.
 * @throws CompileError, also where the dense form would exceed what one model may expand to
 */
export function decodeSparseTensor(proto: SparseTensorProto, context: TensorContext, path: string): HostTensor {
  const location = onnxLocation(context.file, path);
  const tensorName = sparseTensorName(proto);
  const name = quote(tensorName);
  const invalid = (problem: string): CompileError =>
    new CompileError([onnxDiagnostics.at("sparse-invalid", location, { name, problem })]);

  if (proto.values === undefined) throw invalid("its values are missing");
  const values = decodeTensor(proto.values, context, path);
  const shape = tensorShape(proto.dims, tensorName, location);
  const nonZeros = values.data.length;
  if (values.shape.length !== 1) throw invalid(`its values have rank ${values.shape.length} instead of 1`);
  if (proto.indices === undefined && nonZeros > 0) throw invalid("its indices are missing");

  const count = elementCount(shape);
  const bytes = count * (values.elementType === "string" ? 8 : storageBytes(values.elementType));
  if (bytes > context.denseBudget.left) {
    const details = { name, shape: describeShape(shape), limit: context.denseBudget.left };
    throw new CompileError([onnxDiagnostics.at("tensor-too-large", location, details)]);
  }
  context.denseBudget.left -= bytes;

  const dense = allocateTensor(values.elementType, shape);
  if (proto.indices === undefined) return dense;
  const indices = decodeTensor(proto.indices, context, path);
  if (!(indices.data instanceof BigInt64Array)) throw invalid("its indices are not of type int64");
  const coordinates = indices.shape.length === 2 && indices.shape[1] === shape.length;
  if (indices.shape[0] !== nonZeros || !(indices.shape.length === 1 || coordinates)) {
    throw invalid(`its indices have the shape [${describeShape(indices.shape)}] for ${nonZeros} values`);
  }
  const width = coordinates ? shape.length : 1;
  const sizes = coordinates ? shape : [count];
  const target = dense.data as unknown as (number | bigint | string)[];
  let last = -1;
  for (let entry = 0; entry < nonZeros; entry++) {
    let linear = 0;
    for (let axis = 0; axis < width; axis++) {
      const index = Number(indices.data[entry * width + axis]!);
      if (index < 0 || index >= sizes[axis]!) throw invalid(`index ${index} is outside dimension ${sizes[axis]!}`);
      linear = linear * sizes[axis]! + index;
    }
    if (linear <= last) throw invalid("its indices do not ascend");
    last = linear;
    target[linear] = values.data[entry]!;
  }
  return dense;
}
