import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bitWidth,
  elementTypes,
  isElementType,
  isFloat,
  isInteger,
  isUnsigned,
  storageBytes,
  type ElementType,
  type IntegerElementType,
} from "../../../src/support/numeric/element-type.ts";
import { wrapInteger } from "../../../src/support/numeric/float-formats.ts";
import {
  allocateTensor,
  bytesOf,
  dataOf,
  elementCount,
  packSubByte,
  readElement,
  tensorFromBytes,
  tensorFromNumbers,
  tensorFromStrings,
  toNumbers,
  unpackSubByte,
  writeElement,
  type HostTensor,
} from "../../../src/support/numeric/host-tensor.ts";

const numericTypes = elementTypes.filter((type) => type !== "string");
const integerTypes = elementTypes.filter((type) => isInteger(type));

function elements(tensor: HostTensor): readonly (number | bigint | string)[] {
  return Array.from({ length: tensor.data.length }, (_, i) => readElement(tensor, i));
}

/** Two's complement by its definition: the residue modulo 2^width within the type's range. */
function wrappedByDefinition(type: IntegerElementType, value: bigint): bigint {
  const size = 1n << BigInt(bitWidth(type));
  const residue = ((value % size) + size) % size;
  const signed = !isUnsigned(type) && type !== "i1";
  return signed && residue >= size / 2n ? residue - size : residue;
}

describe("element types", () => {
  test("families and widths", () => {
    expect(elementTypes).toHaveLength(25);
    expect(elementTypes.filter(isFloat)).toHaveLength(10);
    expect(integerTypes).toHaveLength(13);
    expect(elementTypes.filter(isUnsigned)).toEqual(["ui2", "ui4", "ui8", "ui16", "ui32", "ui64"]);
    expect(isInteger("index")).toBe(false);
    const widths: Partial<Record<ElementType, readonly [number, number]>> = {
      f64: [64, 8],
      bf16: [16, 2],
      f8E8M0FNU: [8, 1],
      f4E2M1FN: [4, 1],
      i1: [1, 1],
      i2: [2, 1],
      ui4: [4, 1],
      i16: [16, 2],
      index: [64, 8],
    };
    for (const [type, [bits, bytes]] of Object.entries(widths)) {
      expect([bitWidth(type as ElementType), storageBytes(type as ElementType)]).toEqual([bits, bytes]);
    }
    expect(() => bitWidth("string")).toThrow(TypeError);
    expect(() => storageBytes("string")).toThrow(TypeError);
  });

  test("names from text", () => {
    expect(isElementType("f8E5M2FNUZ")).toBe(true);
    for (const text of ["f8", "constructor", "__proto__", ""]) expect(isElementType(text)).toBe(false);
  });

  test("the storage has the stated size", () => {
    for (const type of numericTypes) {
      const { data } = allocateTensor(type, [3]);
      expect(bytesOf({ elementType: type, shape: [3], data })).toHaveLength(3 * storageBytes(type));
    }
  });
});

describe("shapes", () => {
  test("element counts", () => {
    expect(elementCount([])).toBe(1);
    expect(elementCount([2, 3, 4])).toBe(24);
    expect(elementCount([2 ** 40, 0, 2 ** 40])).toBe(0);
  });

  test.each([[[-1]], [[1.5]], [[NaN]], [[2 ** 40, 2 ** 40]], [[0, -1]]])("refuses %j", (shape) => {
    expect(() => elementCount(shape)).toThrow(RangeError);
  });
});

describe("reading and writing", () => {
  test("a fresh tensor is zero or empty", () => {
    for (const type of numericTypes) {
      if (type === "f8E8M0FNU") expect(elements(allocateTensor(type, [2]))).toEqual([2 ** -127, 2 ** -127]);
      else expect(elements(allocateTensor(type, [2])).map(Number)).toEqual([0, 0]);
    }
    expect(elements(allocateTensor("string", [2]))).toEqual(["", ""]);
  });

  test("small exact values come back in every type that has them", () => {
    for (const type of numericTypes) {
      const values = type === "i1" ? [0, 1, 1] : type === "f8E8M0FNU" ? [1, 2, 0.5] : [0, 1, 1];
      expect(elements(tensorFromNumbers(type, [3], values)).map(Number)).toEqual(values);
      expect(toNumbers(tensorFromNumbers(type, [3], values))).toEqual(Float64Array.from(values));
    }
  });

  test("64-bit integers are bigints and exact, index is a number", () => {
    expect(elements(tensorFromNumbers("i64", [2], [2n ** 63n - 1n, -(2n ** 63n)]))).toEqual([
      2n ** 63n - 1n,
      -(2n ** 63n),
    ]);
    expect(elements(tensorFromNumbers("ui64", [2], [-1, 2n ** 64n]))).toEqual([2n ** 64n - 1n, 0n]);
    expect(elements(tensorFromNumbers("index", [2], [5n, -7]))).toEqual([5, -7]);
  });

  test("integers wrap modulo 2^width, in the storage and by wrapInteger", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...integerTypes),
        fc.oneof(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), fc.bigInt({ min: -300n, max: 300n })),
        (type, value) => {
          const expected = wrappedByDefinition(type, value);
          expect(BigInt(readElement(tensorFromNumbers(type, [1], [value]), 0))).toBe(expected);
          expect(BigInt(wrapInteger(type, value))).toBe(expected);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("numbers are cut towards zero and wrapped, however large", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...integerTypes),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (type, value) => {
          const expected = wrappedByDefinition(type, BigInt(Math.trunc(value)));
          expect(BigInt(readElement(tensorFromNumbers(type, [1], [value]), 0))).toBe(expected);
          expect(BigInt(wrapInteger(type, value))).toBe(expected);
        },
      ),
      { numRuns: 1000 },
    );
    for (const type of integerTypes) {
      for (const value of [NaN, Infinity, -Infinity]) {
        expect(Number(readElement(tensorFromNumbers(type, [1], [value]), 0))).toBe(0);
        expect(Number(wrapInteger(type, value))).toBe(0);
      }
    }
    expect(wrapInteger("index", -3.7)).toBe(-3);
    expect(wrapInteger("i64", 2 ** 63)).toBe(-(2n ** 63n));
  });

  test("a bigint reaches a float in one rounding", () => {
    const value = (2n ** 24n + 1n) * 2n ** 39n + 1n;
    expect(elements(tensorFromNumbers("f32", [1], [value]))).toEqual([(2 ** 24 + 2) * 2 ** 39]);
    expect(elements(tensorFromNumbers("f64", [1], [2n ** 53n + 1n]))).toEqual([2 ** 53]);
    expect(elements(tensorFromNumbers("f16", [1], [2n ** 2000n]))).toEqual([Infinity]);
  });

  test("strings", () => {
    const tensor = tensorFromStrings([2], ["a", "b"]);
    expect(readElement(tensor, 1)).toBe("b");
    const fresh = allocateTensor("string", [1]);
    writeElement(fresh, 0, "text");
    expect(readElement(fresh, 0)).toBe("text");
    expect(() => writeElement(fresh, 0, 1)).toThrow(TypeError);
    expect(() => writeElement(allocateTensor("f32", [1]), 0, "1")).toThrow(TypeError);
    expect(() => tensorFromNumbers("string", [1], [1])).toThrow(TypeError);
    expect(() => bytesOf(fresh)).toThrow(TypeError);
    expect(() => toNumbers(fresh)).toThrow(TypeError);
    expect(() => tensorFromBytes("string", [0], new Uint8Array(0))).toThrow(TypeError);
    expect(() => tensorFromStrings([3], ["a"])).toThrow(RangeError);
  });

  test("indices and counts outside the tensor are refused", () => {
    const tensor = allocateTensor("i8", [2]);
    for (const i of [-1, 2, 0.5, NaN]) {
      expect(() => readElement(tensor, i)).toThrow(RangeError);
      expect(() => writeElement(tensor, i, 1)).toThrow(RangeError);
    }
    expect(() => tensorFromNumbers("f32", [3], [1, 2])).toThrow(RangeError);
  });

  test("dataOf gives the storage of its own type only", () => {
    const tensor: HostTensor = tensorFromNumbers("f32", [1], [0.1]);
    expect(dataOf(tensor, "f32")).toEqual(new Float32Array([0.1]));
    expect(() => dataOf(tensor, "i32")).toThrow("expected a tensor of i32, not of f32");
  });
});

describe("bytes", () => {
  test("are little endian, and a view both ways", () => {
    const tensor = tensorFromNumbers("f32", [2], [1, -2]);
    expect([...bytesOf(tensor)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
    bytesOf(tensor)[7] = 0x40;
    expect(readElement(tensor, 1)).toBe(2);
    const bytes = new Uint8Array(8);
    const view = tensorFromBytes("i32", [2], bytes);
    writeElement(view, 1, -1);
    expect([...bytes]).toEqual([0, 0, 0, 0, 255, 255, 255, 255]);
  });

  test("unaligned bytes are copied", () => {
    const file = new Uint8Array([9, 0, 0, 0x80, 0x3f]);
    const tensor = tensorFromBytes("f32", [1], file.subarray(1));
    expect(readElement(tensor, 0)).toBe(1);
    file[4] = 0;
    expect(readElement(tensor, 0)).toBe(1);
    // A Buffer's slice is a view, unlike a Uint8Array's.
    const buffer = Buffer.from(new ArrayBuffer(5), 1);
    buffer.set([0, 0, 0x80, 0x3f]);
    expect(readElement(tensorFromBytes("f32", [1], buffer), 0)).toBe(1);
  });

  test("come back for every type", () => {
    for (const type of numericTypes) {
      const tensor = tensorFromNumbers(type, [2, 2], [1, 0, 1, 1]);
      expect(elements(tensorFromBytes(type, [2, 2], bytesOf(tensor)))).toEqual(elements(tensor));
    }
  });

  test("of the wrong length are refused", () => {
    expect(() => tensorFromBytes("f32", [2], new Uint8Array(7))).toThrow(RangeError);
    expect(() => tensorFromBytes("ui8", [2 ** 50], new Uint8Array(7))).toThrow(RangeError);
  });

  test("outside a narrow type's range are brought into it", () => {
    const bytes = new Uint8Array([0, 1, 2, 0xff]);
    expect([...tensorFromBytes("i1", [4], bytes).data]).toEqual([0, 1, 1, 1]);
    expect([...tensorFromBytes("i4", [2], new Uint8Array([0x0f, 0x17])).data]).toEqual([-1, 7]);
    expect([...tensorFromBytes("ui2", [2], new Uint8Array([7, 1])).data]).toEqual([3, 1]);
    expect([...bytes]).toEqual([0, 1, 2, 0xff]);
  });
});

describe("packed sub-byte elements", () => {
  test("the first element is in the lowest bits (onnx.proto)", () => {
    expect([...packSubByte(tensorFromNumbers("ui4", [3], [1, 2, 15]))]).toEqual([0x21, 0x0f]);
    expect([...packSubByte(tensorFromNumbers("i4", [2], [-1, -8]))]).toEqual([0x8f]);
    expect([...packSubByte(tensorFromNumbers("ui2", [5], [1, 2, 3, 0, 2]))]).toEqual([0b00111001, 0b10]);
    expect(elements(unpackSubByte("i4", [3], new Uint8Array([0x8f, 0xf7])))).toEqual([-1, -8, 7]);
    expect(elements(unpackSubByte("i2", [4], new Uint8Array([0b11100100])))).toEqual([0, 1, -2, -1]);
    expect(elements(unpackSubByte("f4E2M1FN", [2], new Uint8Array([0xf1])))).toEqual([0.5, -6]);
  });

  test("come back", () => {
    const types = ["i2", "i4", "ui2", "ui4", "f4E2M1FN"] as const;
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.uint8Array({ maxLength: 20 }), (type, packed) => {
        const count = packed.length * (8 / bitWidth(type));
        expect(packSubByte(unpackSubByte(type, [count], packed))).toEqual(packed);
      }),
    );
  });

  test("wrong lengths and types are refused", () => {
    expect(() => unpackSubByte("i4", [3], new Uint8Array(3))).toThrow(RangeError);
    expect(() => unpackSubByte("ui2", [5], new Uint8Array(1))).toThrow(RangeError);
    expect(() => packSubByte(allocateTensor("i1", [1]))).toThrow(TypeError);
    expect(() => packSubByte(allocateTensor("ui8", [1]))).toThrow(TypeError);
  });
});
