import { describe, expect, test } from "vitest";
import { arrayAttribute, dictionaryAttribute, stringAttribute, unitAttribute } from "../../src/ir/attributes.ts";
import { createFunction, createModule } from "../../src/ir/create-module.ts";
import { arith, func, memref } from "../../src/ir/dialects/index.ts";
import type { Module } from "../../src/ir/module.ts";
import { f32, i64, i8, integerType, memRefType, tensorType, type Type } from "../../src/ir/types.ts";
import { entryOf, runEntry } from "../../src/interpreter/entry.ts";
import { CompileError } from "../../src/support/diagnostic.ts";
import { codeOf, constant, dataOf, identityMap, index, emptyTensor, generic, program, tensorOf } from "./programs.ts";

const named = (name: string, more: Parameters<typeof dictionaryAttribute>[0] = {}) =>
  dictionaryAttribute({ "weft.name": stringAttribute(name), ...more });
const unsigned = { "weft.element": stringAttribute("ui8") };

/** y = x + 1 on bytes that the model calls unsigned, and on nothing else. */
const onTensors: Module = createModule((r) => {
  const type = tensorType([3], i8);
  createFunction(
    r,
    "main",
    [type],
    (b, [x]) =>
      generic(b, [x!], [emptyTensor(b, type)], [identityMap(1), identityMap(1)], (inner, [value]) => [
        arith.addi.build(inner, { lhs: value!, rhs: constant(inner, i8, 1) }, {}).result,
      ]),
    {
      properties: {
        arg_attrs: arrayAttribute([named("image", unsigned)]),
        res_attrs: arrayAttribute([named("brighter", unsigned)]),
      },
    },
  );
});

test("numbers of less than a byte are those of the model's type", () => {
  const type = memRefType([3], integerType(4));
  const element = { "weft.element": stringAttribute("ui4") };
  const module = createModule((r) => {
    createFunction(
      r,
      "main",
      [type, type],
      (b, [x, y]) => {
        const value = memref.load.build(b, { memref: x!, indices: [index(b, 2)] }, {}).result;
        for (const place of [0, 1, 2])
          memref.store.build(
            b,
            {
              value: arith.subi.build(b, { lhs: value, rhs: constant(b, integerType(4), place) }, {}).result,
              memref: y!,
              indices: [index(b, place)],
            },
            {},
          );
        return [];
      },
      {
        attributes: { "weft.entry_point": unitAttribute },
        properties: {
          arg_attrs: arrayAttribute([named("x", element), named("y", { ...element, "weft.output": unitAttribute })]),
        },
      },
    );
  });
  const y = runEntry(module, new Map([["x", tensorOf("ui4", [3], [1, 2, 9])]])).get("y");
  expect(y?.elementType).toBe("ui4");
  expect(dataOf(y!)).toEqual([9, 8, 7]);
});

const onBuffers: Module = createModule((r) => {
  const type = memRefType([3], i8);
  createFunction(r, "helper", [type], () => [], { properties: { sym_visibility: stringAttribute("private") } });
  createFunction(
    r,
    "main",
    [type, type, memRefType([16], i8)],
    (b, [x, y, arena]) => {
      const temporary = memref.view.build(b, { source: arena!, byte_shift: index(b, 8) }, {}, { resultTypes: [type] }).result; // prettier-ignore
      func.call.build(b, { operands: [temporary] }, { callee: "helper" }, { resultTypes: [] });
      generic(b, [x!], [temporary], [identityMap(1), identityMap(1)], (inner, [value]) => [
        arith.addi.build(inner, { lhs: value!, rhs: constant(inner, i8, 1) }, {}).result,
      ]);
      memref.copy.build(b, { source: temporary, target: y! }, {});
      return [];
    },
    {
      attributes: { "weft.entry_point": unitAttribute },
      properties: {
        arg_attrs: arrayAttribute([
          named("image", unsigned),
          named("brighter", { ...unsigned, "weft.output": unitAttribute }),
          dictionaryAttribute({ "weft.arena": unitAttribute }),
        ]),
      },
    },
  );
});

describe.each([
  ["tensors", onTensors],
  ["buffers", onBuffers],
])("an entry on %s", (_, module) => {
  test("takes and gives tensors by the model's names and element types", () => {
    const outputs = runEntry(module, new Map([["image", tensorOf("ui8", [3], [0, 127, 255])]]));
    expect([...outputs.keys()]).toEqual(["brighter"]);
    expect(outputs.get("brighter")).toEqual({ elementType: "ui8", shape: [3], data: new Uint8Array([1, 128, 0]) });
  });

  test("lists everything that is wrong with the inputs", () => {
    const problems = (inputs: ReadonlyMap<string, ReturnType<typeof tensorOf>>): readonly string[] => {
      try {
        runEntry(module, inputs);
      } catch (error) {
        if (error instanceof CompileError) return error.diagnostics.map(({ code }) => code.replace("interpreter/", ""));
        throw error;
      }
      return [];
    };
    const fine = tensorOf("ui8", [3], [1, 2, 3]);
    expect(problems(new Map([["imago", fine]]))).toEqual(["unknown-input", "missing-input"]);
    expect(problems(new Map([["image", tensorOf("ui8", [4], [1, 2, 3, 4])]]))).toEqual(["wrong-input"]);
    expect(problems(new Map([["image", tensorOf("i8", [3], [1, 2, 3])]]))).toEqual(["wrong-input"]);
    expect(problems(new Map([["image", fine]]))).toEqual([]);
  });

  test("does not write its inputs", () => {
    const image = tensorOf("ui8", [3], [1, 2, 3]);
    runEntry(module, new Map([["image", image]]));
    expect(image.data).toEqual(new Uint8Array([1, 2, 3]));
  });
});

test("arguments and results without names are numbered, and scalars are tensors of rank 0", () => {
  const type: Type = tensorType([1], f32);
  const module = program([type], (b, [x]) => [x!, constant(b, i64, 7n)]);
  const outputs = runEntry(module, new Map([["arg0", tensorOf("f32", [1], [1.5])]]));
  expect(outputs.get("result0")).toEqual(tensorOf("f32", [1], [1.5]));
  expect(outputs.get("result1")).toEqual(tensorOf("i64", [], [7n]));
});

test("which function is the entry must be plain", () => {
  const two = createModule((r) => {
    createFunction(r, "a", [], () => []);
    createFunction(r, "b", [], () => []);
  });
  expect(codeOf(() => entryOf(two))).toBe("interpreter/no-entry");
  expect(codeOf(() => entryOf(createModule(() => {})))).toBe("interpreter/no-entry");
  expect(entryOf(onBuffers).name).toBe("main");
});
