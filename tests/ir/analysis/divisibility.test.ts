import fc from "fast-check";
import { expect, test } from "vitest";
import { divisorOf, powerOfTwoIn } from "../../../src/ir/analysis/divisibility.ts";
import { registry } from "../../../src/ir/dialects/index.ts";
import { ModuleReader, walk } from "../../../src/ir/module.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";

/** Index arithmetic on two arguments as text, and what it computes. */
interface Sum {
  readonly lines: readonly string[];
  readonly of: (x: number, y: number) => number;
}
const operators: readonly (readonly [string, (a: number, b: number) => number])[] = [
  ["addi", (a, b) => a + b],
  ["muli", (a, b) => a * b],
  ["minui", Math.min],
  ["maxui", Math.max],
];
const constants = [1, 2, 3, 4, 8, 12, 47, 64];

const sums: fc.Arbitrary<Sum> = fc
  .array(fc.record({ operator: fc.nat(5), left: fc.nat(1000), right: fc.nat(1000), constant: fc.nat(7) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((steps) => {
    const lines: string[] = [];
    const values: ((x: number, y: number) => number)[] = [(x) => x, (_, y) => y];
    for (const { operator, left, right, constant } of steps) {
      const c = constants[constant]!;
      const [a, b] = [left % values.length, right % values.length];
      const [of, second] = [values[a]!, values[b]!];
      const number = values.length;
      lines.push(`%c${number} = arith.constant ${c} : index`);
      if (operator >= operators.length) {
        const name = operator % 2 === 0 ? "divui" : "remui";
        lines.push(`%${number} = arith.${name} %${a}, %c${number} : index`);
        values.push((x, y) => (name === "divui" ? Math.floor(of(x, y) / c) : of(x, y) % c));
      } else {
        const [name, compute] = operators[operator]!;
        const usesConstant = left % 2 === 0;
        lines.push(`%${number} = arith.${name} %${a}, %${usesConstant ? `c${number}` : b} : index`);
        values.push((x, y) => compute(of(x, y), usesConstant ? c : second(x, y)));
      }
    }
    return { lines, of: values.at(-1)! };
  });

test("what is said to divide an index divides it, whatever the arguments are", () => {
  fc.assert(
    fc.property(sums, fc.nat(20), fc.nat(20), ({ lines, of }, x, y) => {
      const text = `func.func @f(%0: index, %1: index) -> index {\n${lines.join("\n")}\nreturn %${lines.length / 2 + 1} : index\n}`;
      const reader = new ModuleReader(parseModule(text, { file: "test.mlir", registry }));
      const result = Array.from(walk(reader)).find(({ name }) => name === "func.return")!.operands[0]!;
      const value = of(x, y);
      fc.pre(Number.isSafeInteger(value));
      expect(value % divisorOf(reader, result)).toBe(0);
    }),
  );
});

test("multiples, their sums and remainders are known to be divisible", () => {
  const text = `func.func @f(%x: index, %y: index) -> index {
    %c4 = arith.constant 4 : index
    %c40 = arith.constant 40 : index
    %c0 = arith.constant 0 : index
    %a = arith.muli %x, %c4 : index
    %b = arith.remui %a, %c40 : index
    %c = arith.muli %y, %c40 : index
    %r = scf.for %i = %c0 to %c40 step %c4 iter_args(%s = %c0) -> (index) {
      %d = arith.addi %b, %i : index
      %e = arith.addi %d, %c : index
      scf.yield %e : index
    }
    return %r : index
  }`;
  const reader = new ModuleReader(parseModule(text, { file: "test.mlir", registry }));
  const sum = Array.from(walk(reader)).find(({ name }) => name === "scf.yield")!.operands[0]!;
  expect(divisorOf(reader, sum)).toBe(4);
});

test("powers of two in numbers", () => {
  expect([1, 2, 3, 12, 40, 0, -8].map(powerOfTwoIn)).toEqual([1, 2, 1, 4, 8, 2 ** 30, 8]);
});
