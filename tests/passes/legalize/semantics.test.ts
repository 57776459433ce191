import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { entryOf, runEntry } from "../../../src/interpreter/entry.ts";
import { type Module, ModuleReader, walk } from "../../../src/ir/module.ts";
import {
  elementOf,
  f32,
  f64,
  floatType,
  type FloatType,
  hostElementType,
  i1,
  i32,
  i64,
  i8,
  integerType,
  type IntegerType,
  type Type,
} from "../../../src/ir/types.ts";
import { legalizationPasses } from "../../../src/passes/legalize/index.ts";
import { runPipeline } from "../../../src/passes/pass-manager.ts";
import { pipeline, type PipelineElement } from "../../../src/passes/pipeline.ts";
import type { NumericElementType } from "../../../src/support/numeric/element-type.ts";
import {
  bytesOf,
  type HostTensor,
  readElement,
  tensorFromBytes,
  tensorFromNumbers,
} from "../../../src/support/numeric/host-tensor.ts";
import { elementwiseModule, type Lane, plain } from "../../backends/c/elementwise-module.ts";

const steps: readonly PipelineElement[] = legalizationPasses.map((pass) => ({ kind: "pass", pass, options: {} }));
const named = (...names: readonly string[]): readonly PipelineElement[] =>
  names.map((name) => steps.find((step) => step.kind === "pass" && step.pass.name === name)!);

function apply(module: Module, elements: readonly PipelineElement[]): Module {
  const result = runPipeline(module, pipeline("builtin.module", ...elements));
  expect(result.diagnostics).toEqual([]);
  return result.module;
}

/** Runs a module on tensors whose bytes are seen as the types that its parameters have now. */
function runBytes(module: Module, inputs: ReadonlyMap<string, HostTensor>): Map<string, HostTensor> {
  const ports = entryOf(module).arguments.filter(({ role }) => role === "input");
  const given = ports.map(({ name, type }) => {
    const tensor = inputs.get(name)!;
    return [
      name,
      tensorFromBytes(hostElementType(elementOf(type)) as NumericElementType, tensor.shape, bytesOf(tensor)),
    ] as const;
  });
  return runEntry(module, new Map(given));
}

/** Runs a module before and after passes; outputs must be the same numbers. */
function preserves(
  module: Module,
  elements: readonly PipelineElement[],
  inputs: ReadonlyMap<string, HostTensor>,
  ulps = 0,
): Module {
  const before = runEntry(module, inputs);
  const changed = apply(module, elements);
  const after = runBytes(changed, inputs);
  for (const [name, expected] of before) {
    const actual = tensorFromBytes(
      expected.elementType as NumericElementType,
      expected.shape,
      bytesOf(after.get(name)!),
    );
    for (let i = 0; i < expected.data.length; i++) {
      const [x, y] = [readElement(actual, i), readElement(expected, i)];
      const isSame = x === y || (x !== x && y !== y);
      const isClose =
        typeof x === "number" &&
        typeof y === "number" &&
        Math.abs(x - y) <= ulps * 2 ** -23 * Math.max(Math.abs(y), 2 ** -126);
      if (!isSame && !isClose) expect.fail(`${name}[${i}] became ${x}, was ${y}`);
    }
  }
  return changed;
}

const typesIn = (module: Module): ReadonlySet<string> => {
  const reader = new ModuleReader(module);
  const types = new Set<string>();
  for (const op of walk(reader))
    for (const value of [...op.results, ...op.operands]) types.add(elementOf(reader.typeOf(value)).text);
  return types;
};

const small = (["f16", "bf16", "f8E4M3FN", "f8E5M2", "f8E4M3FNUZ", "f8E5M2FNUZ", "f8E8M0FNU", "f4E2M1FN"] as const).map(
  floatType,
);
const count = 24;
const inputsFor = (
  functions: readonly Lane[],
  values: (type: Type) => readonly (number | bigint)[],
): Map<string, HostTensor> =>
  new Map(
    functions.flatMap((lane, number) =>
      lane.operands.map((type, operand) => {
        const name = `${lane.name}.${number}.${operand}`;
        return [name, tensorFromNumbers(hostElementType(type) as NumericElementType, [count], values(type))] as const;
      }),
    ),
  );

const doubles = fc.array(
  fc.oneof(
    fc.double(),
    fc.float(),
    fc.integer({ min: -500, max: 500 }),
    fc.constantFrom(0.5, -0, NaN, Infinity, -Infinity),
  ),
  { minLength: count, maxLength: count },
);
const bigs = fc.array(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), { minLength: count, maxLength: count });

describe.each([1, 4])("on %i lanes", (lanes) => {
  test.each(small)("conversions from and to $text are spelled out bit by bit", (type: FloatType) => {
    const functions = [
      plain("arith.extf", [type], f32),
      plain("arith.extf", [type], f64),
      plain("arith.truncf", [f32], type),
      plain("arith.truncf", [f64], type),
      plain("arith.sitofp", [i32], type),
      plain("arith.sitofp", [i64], type),
      plain("arith.uitofp", [i64], type),
      plain("arith.fptosi", [type], i8),
    ];
    const module = elementwiseModule(functions, count, lanes);
    fc.assert(
      fc.property(doubles, bigs, (floats, integers) => {
        const inputs = inputsFor(functions, (operand) => (operand.kind === "float" ? floats : integers));
        const legal = preserves(module, named("widen-small-floats", "expand-small-floats"), inputs);
        expect(typesIn(legal)).not.toContain(type.text);
      }),
      { numRuns: 30 },
    );
  });

  test.each(small.slice(0, 6))("arithmetic on $text is rounded after every operation", (type: FloatType) => {
    const functions = [
      ...["addf", "subf", "mulf", "divf", "minimumf", "maxnumf"].map((name) =>
        plain(`arith.${name}`, [type, type], type),
      ),
      ...["sqrt", "floor", "roundeven", "absf"].map((name) => plain(`math.${name}`, [type], type)),
    ];
    const module = elementwiseModule(functions, count, lanes);
    fc.assert(
      fc.property(doubles, doubles, (left, right) => {
        let turn = 0;
        preserves(
          module,
          named("widen-small-floats", "expand-small-floats"),
          inputsFor(functions, () => (turn++ % 2 ? right : left)),
        );
      }),
      { numRuns: 20 },
    );
  });

  test.each([1, 2, 3, 4, 5, 12, 24, 33].map((width) => integerType(width)).filter((type) => hostElementType(type)))(
    "$text in wider integers",
    (type: IntegerType) => {
      const functions = [
        ...["addi", "subi", "muli", "andi", "minsi", "minui", "maxsi", "maxui", "shli", "shrsi", "shrui"].map((name) =>
          plain(`arith.${name}`, [type, type], type),
        ),
        ...(type === i1 ? [] : ["absi", "ctlz", "cttz", "ctpop"].map((name) => plain(`math.${name}`, [type], type))),
        plain("arith.extsi", [type], i32),
        plain("arith.extui", [type], i32),
        plain("arith.trunci", [i32], type),
        plain("arith.sitofp", [type], f32),
        plain("arith.uitofp", [type], f32),
        plain("arith.fptosi", [f32], type),
        plain("arith.fptoui", [f32], type),
      ];
      const module = elementwiseModule(functions, count, lanes);
      fc.assert(
        fc.property(bigs, bigs, doubles, (left, right, floats) => {
          let turn = 0;
          const inputs = inputsFor(functions, (operand) =>
            operand.kind === "float" ? floats : turn++ % 2 ? right : left,
          );
          const legal = preserves(module, named("widen-narrow-integers", "store-booleans-as-bytes"), inputs);
          if (type !== i1) expect(typesIn(legal)).not.toContain(type.text);
        }),
        { numRuns: 20 },
      );
    },
  );

  test("vectors as scalars", () => {
    const functions = [
      plain("arith.addf", [f32, f32], f32),
      plain("math.exp", [f32], f32),
      plain("arith.fptosi", [f32], i32),
      plain("arith.muli", [i64, i64], i64),
    ];
    const module = elementwiseModule(functions, count - 3, lanes);
    fc.assert(
      fc.property(doubles, bigs, (floats, integers) => {
        const inputs = new Map(
          [...inputsFor(functions, (type) => (type.kind === "float" ? floats : integers))].map(([name, tensor]) => [
            name,
            { ...tensor, shape: [count - 3], data: (tensor.data as Float32Array).slice(0, count - 3) },
          ]),
        );
        const legal = preserves(module, named("scalarize-vectors"), inputs);
        const reader = new ModuleReader(legal);
        expect(Array.from(walk(reader), (op) => op.name).filter((name) => name.startsWith("vector."))).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});

test("functions of vectors become polynomials within two units in the last place", () => {
  const functions = ["exp", "log", "tanh", "erf", "sin", "cos"].map((name) => plain(`math.${name}`, [f32], f32));
  const module = elementwiseModule(functions, count, 8);
  fc.assert(
    fc.property(doubles, (floats) => {
      const bounded = floats.map((value) => (Math.abs(value) > 1e4 && Number.isFinite(value) ? value % 1e4 : value));
      preserves(
        module,
        named("expand-vector-math"),
        inputsFor(functions, () => bounded),
        3,
      );
    }),
    { numRuns: 50 },
  );
});

test("high halves of products and carries of sums", () => {
  const wide = (name: string, type: IntegerType, index: 0 | 1): Lane => ({
    name,
    operands: [type, type],
    result: name === "arith.addui_extended" && index === 1 ? i1 : type,
    build: (b, operands, shaped) =>
      b.create({ name, operands, resultTypes: [shaped(type), shaped(name === "arith.addui_extended" ? i1 : type)] })
        .results[index]!,
  });
  const functions = [i8, i32, i64].flatMap((type) =>
    ["addui_extended", "mulsi_extended", "mului_extended"].flatMap((name) => [
      wide(`arith.${name}`, type, 0),
      wide(`arith.${name}`, type, 1),
    ]),
  );
  const module = elementwiseModule(functions, count, 4);
  fc.assert(
    fc.property(bigs, bigs, (left, right) => {
      let turn = 0;
      preserves(
        module,
        named("expand-extended-arithmetic"),
        inputsFor(functions, () => (turn++ % 2 ? right : left)),
      );
    }),
    { numRuns: 30 },
  );
});

test("passes leave a module alone that has nothing for them", () => {
  const module = elementwiseModule([plain("arith.addf", [f32, f32], f32)], count);
  for (const element of steps) expect(apply(module, [element])).toBe(module);
});
