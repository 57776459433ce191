import { create, type MessageInitShape } from "@bufbuild/protobuf";
import fc from "fast-check";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  SparseTensorProtoSchema,
  TensorProto_DataType as DataType,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from "../../../src/frontends/onnx/protobuf/onnx_pb.ts";
import { decodeSparseTensor } from "../../../src/frontends/onnx/sparse-tensor.ts";
import { decodeTensor, tensorContext } from "../../../src/frontends/onnx/tensor.ts";
import { readTensorFile, writeTensorProto } from "../../../src/frontends/onnx/tensor-file.ts";
import { elementTypes } from "../../../src/support/numeric/element-type.ts";
import { readElement, tensorFromNumbers, tensorFromStrings } from "../../../src/support/numeric/host-tensor.ts";

type Init = MessageInitShape<typeof TensorProtoSchema>;

const decode = (init: Init, folder?: string) =>
  decodeTensor(create(TensorProtoSchema, init), tensorContext("m.onnx", folder), "graph.t");
function elements(init: Init): readonly unknown[] {
  const tensor = decode(init);
  return Array.from({ length: tensor.data.length }, (_, index) => readElement(tensor, index));
}

describe("typed fields", () => {
  // What each field holds is said beside it in onnx.proto; the bit patterns' values are those of the formats.
  const cases: readonly (readonly [string, Init, readonly unknown[]])[] = [
    ["FLOAT", { dataType: DataType.FLOAT, dims: [2n], floatData: [1.5, -2] }, [1.5, -2]],
    ["DOUBLE", { dataType: DataType.DOUBLE, dims: [1n], doubleData: [0.1] }, [0.1]],
    ["INT64", { dataType: DataType.INT64, dims: [2n], int64Data: [-1n, 2n ** 62n] }, [-1n, 2n ** 62n]],
    ["UINT64", { dataType: DataType.UINT64, dims: [1n], uint64Data: [2n ** 64n - 1n] }, [2n ** 64n - 1n]],
    ["UINT32", { dataType: DataType.UINT32, dims: [1n], uint64Data: [2n ** 32n - 1n] }, [2 ** 32 - 1]],
    ["INT32", { dataType: DataType.INT32, dims: [2n], int32Data: [-1, 2 ** 31 - 1] }, [-1, 2 ** 31 - 1]],
    ["INT8", { dataType: DataType.INT8, dims: [2n], int32Data: [-128, 127] }, [-128, 127]],
    ["INT8 as bit patterns", { dataType: DataType.INT8, dims: [1n], int32Data: [255] }, [-1]],
    ["UINT8", { dataType: DataType.UINT8, dims: [1n], int32Data: [200] }, [200]],
    ["INT16", { dataType: DataType.INT16, dims: [1n], int32Data: [-300] }, [-300]],
    ["UINT16", { dataType: DataType.UINT16, dims: [1n], int32Data: [65535] }, [65535]],
    ["BOOL", { dataType: DataType.BOOL, dims: [2n], int32Data: [1, 0] }, [1, 0]],
    ["FLOAT16", { dataType: DataType.FLOAT16, dims: [2n], int32Data: [0x3e00, 0xc000] }, [1.5, -2]],
    ["BFLOAT16", { dataType: DataType.BFLOAT16, dims: [2n], int32Data: [0x3fc0, 0xc000] }, [1.5, -2]],
    ["FLOAT8E4M3FN", { dataType: DataType.FLOAT8E4M3FN, dims: [1n], int32Data: [0x38] }, [1]],
    ["FLOAT8E5M2", { dataType: DataType.FLOAT8E5M2, dims: [1n], int32Data: [0xbc] }, [-1]],
    ["FLOAT8E8M0", { dataType: DataType.FLOAT8E8M0, dims: [1n], int32Data: [128] }, [2]],
    ["INT4, packed, of odd length", { dataType: DataType.INT4, dims: [3n], int32Data: [0xf1, 0x08] }, [1, -1, -8]],
    ["UINT4", { dataType: DataType.UINT4, dims: [2n], int32Data: [0xf1] }, [1, 15]],
    ["FLOAT4E2M1", { dataType: DataType.FLOAT4E2M1, dims: [2n], int32Data: [0xa2] }, [1, -1]],
    ["INT2", { dataType: DataType.INT2, dims: [4n], int32Data: [0b11_10_01_00] }, [0, 1, -2, -1]],
    ["UINT2", { dataType: DataType.UINT2, dims: [5n], int32Data: [0b11_10_01_00, 2] }, [0, 1, 2, 3, 2]],
    [
      "STRING",
      { dataType: DataType.STRING, dims: [2n], stringData: ["a", "ü€"].map((text) => new TextEncoder().encode(text)) },
      ["a", "ü€"],
    ],
    ["a scalar", { dataType: DataType.FLOAT, floatData: [3] }, [3]],
    ["no elements", { dataType: DataType.FLOAT, dims: [0n, 7n] }, []],
  ];
  test.each(cases)("%s", (_, init, expected) => {
    expect(elements(init)).toEqual(expected);
  });
});

test("raw data of every type reads back, at any alignment", () => {
  for (const elementType of elementTypes) {
    if (elementType === "index" || elementType === "string") continue;
    const original = tensorFromNumbers(elementType, [7], [0, 1, 0, 1, 1, 0, 1]);
    const bytes = writeTensorProto(original, "t");
    for (const offset of [0, 1, 3]) {
      const shifted = new Uint8Array(bytes.length + offset);
      shifted.set(bytes, offset);
      const type = { kind: "tensor", elementType, shape: undefined } as const;
      const value = readTensorFile(shifted.subarray(offset), type);
      expect(value).toEqual({ kind: "tensor", tensor: original });
    }
  }
});

test("f32 tensors read back bit by bit", () => {
  const anyShape = fc.array(fc.nat({ max: 4 }), { maxLength: 4 });
  const withValues = anyShape.chain((shape) => {
    const length = shape.reduce((a, b) => a * b, 1);
    return fc.float32Array({ minLength: length, maxLength: length }).map((data) => ({ shape, data }));
  });
  fc.assert(
    fc.property(withValues, ({ shape, data }) => {
      const tensor = { elementType: "f32", shape, data } as const;
      const value = readTensorFile(writeTensorProto(tensor), { kind: "tensor", elementType: "f32", shape: undefined });
      expect(value).toEqual({ kind: "tensor", tensor });
    }),
  );
});

test("strings read back", () => {
  const tensor = tensorFromStrings([2], ["", "𝄞 \0"]);
  const type = { kind: "tensor", elementType: "string", shape: undefined } as const;
  expect(readTensorFile(writeTensorProto(tensor), type)).toEqual({ kind: "tensor", tensor });
});

describe("sparse tensors", () => {
  const dense = (indices: Init) =>
    Array.from(
      decodeSparseTensor(
        create(SparseTensorProtoSchema, {
          dims: [2n, 3n],
          values: { dataType: DataType.FLOAT, dims: [2n], floatData: [5, 6] },
          indices: { dataType: DataType.INT64, ...indices },
        }),
        tensorContext("m.onnx", undefined),
        "graph.s",
      ).data as Float32Array,
    );
  test("with linear indices", () => {
    expect(dense({ dims: [2n], int64Data: [1n, 5n] })).toEqual([0, 5, 0, 0, 0, 6]);
  });
  test("with coordinates", () => {
    expect(dense({ dims: [2n, 2n], int64Data: [0n, 2n, 1n, 0n] })).toEqual([0, 0, 5, 6, 0, 0]);
  });
});

describe("external data", () => {
  const folder = mkdtempSync(join(tmpdir(), "weft-external-"));
  writeFileSync(join(folder, "weights.bin"), new Uint8Array(new Float32Array([1, 2, 3, 4]).buffer));
  const external = (entries: Readonly<Record<string, string>>): Init => ({
    dataType: DataType.FLOAT,
    dims: [2n],
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
  });
  test("reads the range of a file in the model's folder", () => {
    const { data } = decode(external({ location: "weights.bin", offset: "4", length: "8" }), folder);
    expect(data).toEqual(new Float32Array([2, 3]));
  });
  test("reads to the end without a length", () => {
    expect(decode(external({ location: "./weights.bin", offset: "8" }), folder).data).toEqual(new Float32Array([3, 4]));
  });
});

describe("sequences and optionals", () => {
  const tensor = tensorFromNumbers("f32", [1], [7]);
  const proto = { dataType: DataType.FLOAT, dims: [1n], floatData: [7] };
  test.each([
    ["a sequence", { kind: "sequence" as const }, { elemType: 1, tensorValues: [proto] }],
    ["an optional", { kind: "optional" as const }, { elemType: 1, tensorValue: proto }],
  ])("%s of a tensor", async (_, { kind }, init) => {
    const schemas = await import("../../../src/frontends/onnx/protobuf/onnx_pb.ts");
    const { toBinary } = await import("@bufbuild/protobuf");
    const element = { kind: "tensor", elementType: "f32", shape: undefined } as const;
    const bytes =
      kind === "sequence"
        ? toBinary(schemas.SequenceProtoSchema, create(schemas.SequenceProtoSchema, init))
        : toBinary(schemas.OptionalProtoSchema, create(schemas.OptionalProtoSchema, init));
    const inner = { kind: "tensor", tensor };
    expect(readTensorFile(bytes, { kind, element })).toEqual(
      kind === "sequence" ? { kind, elements: [inner] } : { kind, value: inner },
    );
  });
  test("an empty optional", () => {
    const element = { kind: "tensor", elementType: "f32", shape: undefined } as const;
    expect(readTensorFile(new Uint8Array(0), { kind: "optional", element })).toEqual({
      kind: "optional",
      value: undefined,
    });
  });
});
