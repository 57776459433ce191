import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { dataTypeOf } from "../../../../src/frontends/onnx/element-types.ts";
import {
  AttributeProto_AttributeType as Kind,
  type AttributeProtoSchema,
  type FunctionProtoSchema,
  type GraphProtoSchema,
  ModelProtoSchema,
  type NodeProtoSchema,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from "../../../../src/frontends/onnx/protobuf/onnx_pb.ts";
import { encodeTensor } from "../../../../src/frontends/onnx/tensor-file.ts";
import type { ElementType } from "../../../../src/support/numeric/element-type.ts";
import { type HostTensor, tensorFromNumbers } from "../../../../src/support/numeric/host-tensor.ts";

/** Writes small models of any operator set for tests, valid or not. */
export type Node = MessageInitShape<typeof NodeProtoSchema>;
export type Graph = MessageInitShape<typeof GraphProtoSchema>;
export type Function = MessageInitShape<typeof FunctionProtoSchema>;
type Attribute = MessageInitShape<typeof AttributeProtoSchema>;
export type Tensor = MessageInitShape<typeof TensorProtoSchema>;

const encoder = new TextEncoder();

export const int = (value: number | bigint): Attribute => ({ type: Kind.INT, i: BigInt(value) });
export const ints = (...values: readonly (number | bigint)[]): Attribute => ({
  type: Kind.INTS,
  ints: values.map(BigInt),
});
export const float = (value: number): Attribute => ({ type: Kind.FLOAT, f: value });
export const floats = (...values: readonly number[]): Attribute => ({ type: Kind.FLOATS, floats: [...values] });
export const text = (value: string): Attribute => ({ type: Kind.STRING, s: encoder.encode(value) });
export const texts = (...values: readonly string[]): Attribute => ({
  type: Kind.STRINGS,
  strings: values.map((value) => encoder.encode(value)),
});
export const tensor = (value: HostTensor): Attribute => ({ type: Kind.TENSOR, t: encodeTensor(value) });
export const graphAttribute = (value: Graph): Attribute => ({ type: Kind.GRAPH, g: value });
export const reference = (name: string, type: Kind): Attribute => ({ type, refAttrName: name });

export const named = (name: string, attribute: Attribute): Attribute => ({ ...attribute, name });

/** One node; inputs and outputs are lists of names separated by spaces, `_` an absent one. */
export function node(
  opType: string,
  inputs: string,
  outputs: string,
  attributes: Readonly<Record<string, Attribute>> = {},
  more: Partial<Node> = {},
): Node {
  const names = (list: string) =>
    list
      .split(" ")
      .filter((name) => name !== "")
      .map((name) => (name === "_" ? "" : name));
  return {
    opType,
    input: names(inputs),
    output: names(outputs),
    attribute: Object.entries(attributes).map(([name, value]) => named(name, value)),
    ...more,
  } as Node;
}

/** A value of tensor type; strings in the shape are symbols, `undefined` unknown sizes. */
export function value(
  name: string,
  elementType: ElementType,
  shape?: readonly (number | string | undefined)[],
): MessageInitShape<typeof ValueInfoProtoSchema> {
  const dim = (size: number | string | undefined) => {
    if (size === undefined) return {};
    return typeof size === "string"
      ? { value: { case: "dimParam" as const, value: size } }
      : { value: { case: "dimValue" as const, value: BigInt(size) } };
  };
  const elemType = dataTypeOf(elementType)!;
  const type = shape === undefined ? { elemType } : { elemType, shape: { dim: shape.map(dim) } };
  return { name, type: { value: { case: "tensorType", value: type } } };
}

/** An untyped value, for graph outputs whose type the runtime infers. */
export const untyped = (name: string): MessageInitShape<typeof ValueInfoProtoSchema> => ({ name });

export const initializer = (name: string, value: HostTensor): Tensor => encodeTensor(value, name);

export const f32 = (shape: readonly number[], ...values: readonly number[]): HostTensor =>
  tensorFromNumbers("f32", shape, values);
export const i64 = (shape: readonly number[], ...values: readonly number[]): HostTensor =>
  tensorFromNumbers("i64", shape, values);

export interface ModelParts {
  readonly opset?: number;
  readonly irVersion?: number;
  readonly domains?: Readonly<Record<string, number>>;
  readonly graph: Graph;
  readonly functions?: readonly Function[];
}

/** The bytes of a model. */
export function writeModel({ opset, irVersion = 8, domains = {}, graph, functions = [] }: ModelParts): Uint8Array {
  const imports = Object.entries(domains).map(([domain, version]) => ({ domain, version: BigInt(version) }));
  if (opset !== undefined) imports.unshift({ domain: "", version: BigInt(opset) });
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: BigInt(irVersion),
      opsetImport: imports,
      graph: { name: "g", ...graph },
      functions: [...functions],
    }),
  );
}
