import { describe, expect, test } from "vitest";
import type { ElementType } from "../../../src/support/numeric/element-type.ts";
import { encodeE8M0, encodeFloat } from "../../../src/support/numeric/float-formats.ts";
import {
  bytesOf,
  isSubByte,
  packSubByte,
  readElement,
  tensorFromBytes,
  tensorFromNumbers,
  unpackSubByte,
  type HostTensor,
} from "../../../src/support/numeric/host-tensor.ts";
import { readNodeTestTensor } from "./tensor-proto.ts";

/** onnx.proto, TensorProto.DataType. */
const elementTypes: ReadonlyMap<number, ElementType> = new Map<number, ElementType>([
  [1, "f32"],
  [2, "ui8"],
  [3, "i8"],
  [10, "f16"],
  [11, "f64"],
  [16, "bf16"],
  [17, "f8E4M3FN"],
  [18, "f8E4M3FNUZ"],
  [19, "f8E5M2"],
  [20, "f8E5M2FNUZ"],
  [21, "ui4"],
  [22, "i4"],
  [23, "f4E2M1FN"],
  [24, "f8E8M0FNU"],
  [25, "ui2"],
  [26, "i2"],
]);

function load(name: string, file: string): HostTensor {
  const { dataType, shape, raw } = readNodeTestTensor(name, file);
  const elementType = elementTypes.get(dataType)!;
  return isSubByte(elementType) ? unpackSubByte(elementType, shape, raw) : tensorFromBytes(elementType, shape, raw);
}

/** ONNX Cast by this package's conversions: `saturate` and `round_mode` are what the test's name says. */
function cast(name: string, input: HostTensor, elementType: ElementType): HostTensor {
  const values = Array.from({ length: input.data.length }, (_, i) => readElement(input, i) as number);
  switch (elementType) {
    case "f8E8M0FNU":
      return tensorFromBytes(
        elementType,
        input.shape,
        Uint8Array.from(values, (x) => encodeE8M0(x, "up", true)),
      );
    case "f8E4M3FN":
    case "f8E4M3FNUZ":
    case "f8E5M2":
    case "f8E5M2FNUZ": {
      const saturate = !name.includes("no_saturate");
      const bits = Uint8Array.from(values, (x) => encodeFloat(elementType, x, { saturate }));
      return tensorFromBytes(elementType, input.shape, bits);
    }
    default:
      return tensorFromNumbers(elementType, input.shape, values);
  }
}

const names = [
  "test_cast_DOUBLE_to_FLOAT",
  "test_cast_FLOAT16_to_DOUBLE",
  "test_cast_FLOAT16_to_FLOAT",
  "test_cast_FLOAT16_to_FLOAT8E4M3FN",
  "test_cast_FLOAT16_to_FLOAT8E5M2",
  "test_cast_FLOAT16_to_FLOAT8E5M2FNUZ",
  "test_cast_FLOAT16_to_INT2",
  "test_cast_FLOAT16_to_UINT4",
  "test_cast_FLOAT4E2M1_to_FLOAT",
  "test_cast_FLOAT8E4M3FNUZ_to_FLOAT16",
  "test_cast_FLOAT8E4M3FN_to_FLOAT16",
  "test_cast_FLOAT8E5M2FNUZ_to_FLOAT",
  "test_cast_FLOAT8E5M2FNUZ_to_FLOAT16",
  "test_cast_FLOAT8E5M2_to_FLOAT16",
  "test_cast_FLOAT_to_BFLOAT16",
  "test_cast_FLOAT_to_FLOAT16",
  "test_cast_FLOAT_to_FLOAT4E2M1",
  "test_cast_FLOAT_to_FLOAT8E4M3FNUZ",
  "test_cast_FLOAT_to_FLOAT8E5M2FNUZ",
  "test_cast_FLOAT_to_INT2",
  "test_cast_FLOAT_to_UINT2",
  "test_cast_INT2_to_FLOAT",
  "test_cast_INT2_to_FLOAT16",
  "test_cast_INT2_to_INT8",
  "test_cast_INT4_to_FLOAT",
  "test_cast_INT4_to_FLOAT16",
  "test_cast_INT4_to_INT8",
  "test_cast_UINT2_to_FLOAT",
  "test_cast_UINT2_to_UINT8",
  "test_cast_UINT4_to_FLOAT",
  "test_cast_UINT4_to_FLOAT16",
  "test_cast_UINT4_to_UINT8",
  "test_cast_e8m0_FLOAT16_to_FLOAT8E8M0",
  "test_cast_e8m0_FLOAT_to_FLOAT8E8M0",
  "test_cast_no_saturate_FLOAT16_to_FLOAT8E4M3FN",
  "test_cast_no_saturate_FLOAT16_to_FLOAT8E4M3FNUZ",
  "test_cast_no_saturate_FLOAT16_to_FLOAT8E5M2",
  "test_cast_no_saturate_FLOAT16_to_FLOAT8E5M2FNUZ",
  "test_cast_no_saturate_FLOAT_to_FLOAT8E4M3FNUZ",
  "test_cast_no_saturate_FLOAT_to_FLOAT8E5M2",
  "test_cast_no_saturate_FLOAT_to_FLOAT8E5M2FNUZ",
];

describe("ONNX's own Cast tests", () => {
  test.each(names)("%s", (name) => {
    const expected = load(name, "output_0.pb");
    const actual = cast(name, load(name, "input_0.pb"), expected.elementType);
    const read = (tensor: HostTensor): unknown[] =>
      Array.from({ length: tensor.data.length }, (_, i) => readElement(tensor, i));
    expect(read(actual)).toEqual(read(expected));
  });

  test.each(names)("%s: the stored bytes come back", (name) => {
    for (const file of ["input_0.pb", "output_0.pb"]) {
      const { raw } = readNodeTestTensor(name, file);
      const tensor = load(name, file);
      const bytes = isSubByte(tensor.elementType) ? packSubByte(tensor) : bytesOf(tensor);
      expect(bytes).toEqual(raw);
    }
  });
});
