import { readFileSync } from "node:fs";

/** What the tests need of an ONNX TensorProto whose elements are in `raw_data`. */
export interface RawTensor {
  readonly dataType: number;
  readonly shape: readonly number[];
  readonly raw: Uint8Array;
}

const shared = process.env["WEFT_SHARED"] ?? new URL("../../../../shared", import.meta.url).pathname;

/** Reads `<test>/test_data_set_0/<file>` of ONNX's node tests, by the protobuf wire format. */
export function readNodeTestTensor(test: string, file: string): RawTensor {
  const bytes = readFileSync(`${shared}/onnx-backend-tests/node/${test}/test_data_set_0/${file}`);
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  const shape: number[] = [];
  let dataType = 0;
  let raw = new Uint8Array(0);
  while (at < bytes.length) {
    const tag = varint();
    const [field, wireType] = [tag >>> 3, tag & 7];
    if (wireType === 0) {
      const value = varint();
      if (field === 1) shape.push(value);
      if (field === 2) dataType = value;
    } else if (wireType === 2) {
      const length = varint();
      const payload = bytes.subarray(at, at + length);
      at += length;
      if (field === 9) raw = new Uint8Array(payload);
      else if (field !== 8) throw new Error(`${test}/${file}: field ${field} is not read`);
    } else throw new Error(`${test}/${file}: wire type ${wireType} is not read`);
  }
  return { dataType, shape, raw };
}
