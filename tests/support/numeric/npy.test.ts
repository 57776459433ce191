import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CompileError } from "../../../src/support/diagnostic.ts";
import { elementTypes, isFloat, type ElementType } from "../../../src/support/numeric/element-type.ts";
import {
  allocateTensor,
  bytesOf,
  elementCount,
  readElement,
  tensorFromNumbers,
  tensorFromStrings,
  type HostTensor,
} from "../../../src/support/numeric/host-tensor.ts";
import { readNpy, writeNpy } from "../../../src/support/numeric/npy.ts";

function elements(tensor: HostTensor): readonly (number | bigint | string)[] {
  return Array.from({ length: tensor.data.length }, (_, i) => readElement(tensor, i));
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

/** A file by the description of the format: magic, version, length, dictionary, spaces, newline, elements. */
function npyFile(
  dictionary: string,
  data: readonly number[] = [],
  { version = 1, pad = 54 }: { readonly version?: number; readonly pad?: number } = {},
): Uint8Array {
  const header = [...new TextEncoder().encode(`${dictionary}${" ".repeat(Math.max(0, pad - dictionary.length))}\n`)];
  const length = [header.length & 0xff, header.length >> 8, ...(version === 1 ? [] : [0, 0])];
  return Uint8Array.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, ...length, ...header, ...data]);
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof CompileError) return error.diagnostics[0]!.code;
    throw error;
  }
  return "none";
}

/** `numpy.lib.format.write_array` of numpy 2.4.6: the dictionary, the elements as hexadecimal, and what was saved. */
const savedByNumpy: readonly {
  readonly dictionary: string;
  readonly version?: number;
  readonly data: string;
  readonly elementType: ElementType;
  readonly shape: readonly number[];
  readonly values: readonly (number | bigint | string)[];
}[] = [
  {
    dictionary: "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
    data: "000000000000803f000020c00000807f000080ff00005040",
    elementType: "f32",
    shape: [2, 3],
    values: [0, 1, -2.5, Infinity, -Infinity, 3.25],
  },
  {
    dictionary: "{'descr': '<f8', 'fortran_order': False, 'shape': (), }",
    data: "000000000000f8bf",
    elementType: "f64",
    shape: [],
    values: [-1.5],
  },
  {
    dictionary: "{'descr': '<f2', 'fortran_order': False, 'shape': (3,), }",
    data: "003cff7b0100",
    elementType: "f16",
    shape: [3],
    values: [1, 65504, 2 ** -24],
  },
  {
    dictionary: "{'descr': '<i8', 'fortran_order': True, 'shape': (2, 3), }",
    data: "0100000000000000fcffffffffffffff0200000000000000050000000000000003000000000000000600000000000000",
    elementType: "i64",
    shape: [2, 3],
    values: [1n, 2n, 3n, -4n, 5n, 6n],
  },
  {
    dictionary: "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3, 2), }",
    data: "000000000000c040000000400000004100008040000020410000803f0000e04000004040000010410000a04000003041",
    elementType: "f32",
    shape: [2, 3, 2],
    values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  },
  {
    dictionary: "{'descr': '>i4', 'fortran_order': False, 'shape': (3,), }",
    data: "00000001fffffffe0000012c",
    elementType: "i32",
    shape: [3],
    values: [1, -2, 300],
  },
  {
    dictionary: "{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }",
    data: "010001",
    elementType: "i1",
    shape: [3],
    values: [1, 0, 1],
  },
  {
    dictionary: "{'descr': '<U3', 'fortran_order': False, 'shape': (3,), }",
    data: "610000000000000000000000000000000000000000000000e900000000f6010078000000",
    elementType: "string",
    shape: [3],
    values: ["a", "", "\u00e9\u{1f600}x"],
  },
  {
    dictionary: "{'descr': '>U2', 'fortran_order': True, 'shape': (2, 2), }",
    data: "0000006100000062000000640000000000000063000000000000006500000066",
    elementType: "string",
    shape: [2, 2],
    values: ["ab", "c", "d", "ef"],
  },
  {
    dictionary: "{'descr': '<u8', 'fortran_order': False, 'shape': (1,), }",
    data: "ffffffffffffffff",
    elementType: "ui64",
    shape: [1],
    values: [2n ** 64n - 1n],
  },
  {
    dictionary: "{'descr': '<u2', 'fortran_order': False, 'shape': (0, 3), }",
    data: "",
    elementType: "ui16",
    shape: [0, 3],
    values: [],
  },
  {
    dictionary: "{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }",
    version: 2,
    data: "0700f9ff",
    elementType: "i16",
    shape: [2],
    values: [7, -7],
  },
  {
    dictionary: "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }",
    version: 3,
    data: "07fa",
    elementType: "ui8",
    shape: [2],
    values: [7, 250],
  },
];

describe("reading what numpy saved", () => {
  test.each(savedByNumpy)("$dictionary", ({ dictionary, version = 1, data, elementType, shape, values }) => {
    const file = npyFile(dictionary, [...fromHex(data)], { version, pad: version === 1 ? 117 : 115 });
    const tensor = readNpy(file);
    expect(tensor.elementType).toBe(elementType);
    expect(tensor.shape).toEqual(shape);
    expect(elements(tensor)).toEqual(values);
    // From an odd address too, where no typed array can be a view.
    const moved = new Uint8Array(file.length + 1);
    moved.set(file, 1);
    expect(elements(readNpy(moved.subarray(1)))).toEqual(values);
  });

  test("dictionaries by other writers: order of keys, quotes, Python 2's long, no trailing commas", () => {
    for (const dictionary of [
      `{"shape": (2L,), "fortran_order": False, "descr": "<i2"}`,
      `{'descr':'<i2','fortran_order':True,'shape':(2,)}`,
      `  { 'descr' : '=i2' , 'fortran_order' : False , 'shape' : ( 2 , ) , }`,
    ]) {
      expect(elements(readNpy(npyFile(dictionary, [7, 0, 0xf9, 0xff])))).toEqual([7, -7]);
    }
  });
});

describe("writing", () => {
  test("is the format of numpy: magic, version 1.0, elements at a multiple of 64", () => {
    const file = writeNpy(tensorFromNumbers("f32", [2, 3], [0, 1, -2.5, Infinity, -Infinity, 3.25]));
    const { dictionary, data } = savedByNumpy[0]!;
    expect(file).toEqual(npyFile(dictionary, [...fromHex(data)], { pad: 117 }));
  });

  test.each(elementTypes.filter((type) => type !== "string"))("%s comes back, as the type numpy has for it", (type) => {
    const held: Partial<Record<ElementType, ElementType>> = {
      bf16: "ui16",
      i2: "i8",
      i4: "i8",
      ui2: "ui8",
      ui4: "ui8",
      index: "i64",
    };
    const small: ElementType | undefined = isFloat(type) && /^f[84]/.test(type) ? "ui8" : undefined;
    for (const shape of [[], [3], [2, 0, 3], [2, 3]]) {
      const values = Array.from({ length: elementCount(shape) }, (_, i) =>
        type === "i1" ? i % 2 : i % 2 === 0 ? 1 : -2,
      );
      const tensor = tensorFromNumbers(type, shape, values);
      const read = readNpy(writeNpy(tensor));
      expect(read.elementType).toBe(held[type] ?? small ?? type);
      expect(read.shape).toEqual(shape);
      expect(bytesOf(read)).toEqual(bytesOf(tensor));
    }
  });

  test("strings come back", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary", maxLength: 5 }), { maxLength: 5 }), (strings) => {
        const texts = strings.map((text) => text.replace(/\0+$/, ""));
        const read = readNpy(writeNpy(tensorFromStrings([texts.length], texts)));
        expect(read).toEqual({ elementType: "string", shape: [texts.length], data: texts });
      }),
    );
  });

  test("strings numpy cannot hold are refused", () => {
    expect(codeOf(() => writeNpy(tensorFromStrings([2], ["a", "b\0"])))).toBe("npy/trailing-nul");
    const texts = [..."x".repeat(300).split(""), "y".repeat(2 ** 20)];
    expect(codeOf(() => writeNpy(tensorFromStrings([301], texts)))).toBe("npy/padded-size");
  });

  test("a shape too long for version 1.0 takes version 2.0, and more dimensions than numpy's are not read", () => {
    const shape = Array.from({ length: 30000 }, () => 1);
    const file = writeNpy(allocateTensor("ui8", shape));
    expect(file[6]).toBe(2);
    expect(codeOf(() => readNpy(file))).toBe("npy/header");
  });
});

describe("malformed files", () => {
  const good = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }";

  test.each([
    ["", "npy/header"],
    ["{", "npy/header"],
    ["{}", "npy/header"],
    [`${good} x`, "npy/header"],
    [`${good}}`, "npy/header"],
    ["{'descr': '<f4', 'fortran_order': False}", "npy/header"],
    ["{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "npy/header"],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'extra': 1}", "npy/header"],
    ["{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}", "npy/header"],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (1)}", "npy/header"],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': [1]}", "npy/header"],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "npy/header"],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (1.5,)}", "npy/header"],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", "npy/header"],
    [`{'descr': '<f4', 'fortran_order': False, 'shape': ${"(".repeat(20000)}`, "npy/header"],
    ["{'descr': '<f4\\n', 'fortran_order': False, 'shape': (1,)}", "npy/header"],
    ["{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "npy/header"],
    ["{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", "npy/dtype"],
    ["{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "npy/dtype"],
    ["{'descr': '|S4', 'fortran_order': False, 'shape': (1,)}", "npy/dtype"],
    ["{'descr': 'f4', 'fortran_order': False, 'shape': (1,)}", "npy/dtype"],
    ["{'descr': '<U0', 'fortran_order': False, 'shape': (4503599627370496,)}", "npy/dtype"],
  ])("%.80s", (dictionary, code) => {
    expect(codeOf(() => readNpy(npyFile(dictionary, [0, 0, 0, 0])))).toBe(code);
  });

  test("sizes that the file does not have are refused before anything is allocated", () => {
    for (const shape of [
      "(2,)",
      "(4503599627370496,)",
      "(9007199254740991, 9007199254740991, 9007199254740991)",
      "()",
    ]) {
      for (const descr of ["<f8", "<U7", ">U999999999", "|b1"]) {
        const file = npyFile(`{'descr': '${descr}', 'fortran_order': True, 'shape': ${shape}, }`, [1, 2, 3]);
        expect(codeOf(() => readNpy(file))).toBe("npy/size");
      }
    }
    expect(codeOf(() => readNpy(npyFile(good, [0, 0, 0, 0, 0])))).toBe("npy/size");
    const empty = npyFile("{'descr': '<f8', 'fortran_order': True, 'shape': (9007199254740991, 0, 9007199254740991)}");
    expect(readNpy(empty).data).toHaveLength(0);
  });

  test("not a .npy file, a later version, cut short", () => {
    const file = npyFile(good, [0, 0, 0x80, 0x3f]);
    expect(elements(readNpy(file))).toEqual([1]);
    expect(codeOf(() => readNpy(new Uint8Array(0)))).toBe("npy/not-npy");
    expect(codeOf(() => readNpy(new TextEncoder().encode("PK\u0003\u0004 an archive")))).toBe("npy/not-npy");
    expect(codeOf(() => readNpy(npyFile(good, [0, 0, 0, 0], { version: 4 })))).toBe("npy/version");
    for (let length = 0; length < file.length; length++) {
      expect(codeOf(() => readNpy(file.subarray(0, length)))).toMatch(/^npy\/(not-npy|header|size)$/);
    }
  });

  test("a string that is not Unicode", () => {
    const file = npyFile("{'descr': '<U1', 'fortran_order': False, 'shape': (1,)}", [0, 0, 0x11, 0]);
    expect(codeOf(() => readNpy(file))).toBe("npy/character");
  });

  test("messages show the file's text escaped and short, at the given place", () => {
    const location = { kind: "file", file: "input.npy", line: 0, column: 0 } as const;
    const dictionary = `{'descr': '\u001b[31m${"x".repeat(100)}', 'fortran_order': False, 'shape': (1,)}`;
    const file = npyFile(dictionary, [0]);
    expect(() => readNpy(file, location)).toThrow(/\\u001b\[31mx{35}\.\.\."/);
    expect.soft(codeOf(() => readNpy(file, location))).toBe("npy/dtype");
    try {
      readNpy(file, location);
    } catch (error) {
      expect((error as CompileError).diagnostics[0]!.location).toEqual(location);
    }
  });

  test("any damage gives a tensor or a diagnostic, never another exception", () => {
    const file = npyFile("{'descr': '<U2', 'fortran_order': True, 'shape': (2, 2), }", [
      ...fromHex("6100000062000000640000000000000063000000000000006500000066000000"),
    ]);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const damaged = file.slice();
          for (const [at, byte] of changes) damaged[at] = byte;
          expect(codeOf(() => readNpy(damaged))).toMatch(/^(none|npy\/[a-z-]+)$/);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
