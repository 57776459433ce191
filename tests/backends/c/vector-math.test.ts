import { describe, expect, test } from "vitest";
import { f32 } from "../../../src/ir/types.ts";
import { erf } from "../../../src/interpreter/numeric/special-functions.ts";
import { dataOf, tensorFromNumbers } from "../../../src/support/numeric/host-tensor.ts";
import { elementwiseModule, plain } from "./elementwise-module.ts";
import { load } from "./run-module.ts";

const bits = new Uint32Array(1);
const asFloat = new Float32Array(bits.buffer);

/** Floats of every exponent and sign, their places spread evenly, and the special values. */
function samples(): Float32Array {
  const values: number[] = [
    0,
    -0,
    1,
    -1,
    Infinity,
    -Infinity,
    NaN,
    1e-45,
    -1e-45,
    88.72283,
    88.73,
    -103.9,
    -104.1,
    0.625,
    0.9375,
    32768,
    32769,
    1e30,
  ];
  for (let pattern = 0; pattern < 2 ** 32; pattern += 30_011) {
    bits[0] = pattern;
    values.push(asFloat[0]!);
  }
  // Where the functions bend, densely.
  for (let x = -20; x <= 20; x += 1 / 1024) values.push(Math.fround(x));
  return Float32Array.from(values);
}

/** The distance between two neighbouring floats at `x`. */
const unitInLastPlace = (x: number): number => 2 ** Math.max(-149, Math.floor(Math.log2(Math.abs(x))) - 23);

/** Largest error in units of the last place; infinite when special values differ. */
function largestError(
  actual: Float32Array,
  inputs: Float32Array,
  exact: (x: number) => number,
): { ulp: number; at: number } {
  let worst = { ulp: 0, at: 0 };
  inputs.forEach((x, i) => {
    const y = exact(x);
    const got = actual[i]!;
    const rounded = Math.fround(y);
    if (Object.is(got, rounded) || (got !== got && rounded !== rounded) || (got === rounded && x !== 0)) return;
    const isFinite = Number.isFinite(got) && Number.isFinite(y);
    // Results that just overflow may come out as infinity or the largest float.
    const nearOverflow = Math.abs(y) > 3.4028e38 && Math.abs(got) > 3.4028e38;
    const ulp = isFinite ? Math.abs(got - y) / unitInLastPlace(y) : nearOverflow ? 1 : Infinity;
    if (ulp > worst.ulp) worst = { ulp, at: x };
  });
  return worst;
}

const functions: readonly { name: string; exact: (x: number) => number; limit: number }[] = [
  { name: "exp", exact: Math.exp, limit: 1.1 },
  { name: "log", exact: Math.log, limit: 1.5 },
  { name: "tanh", exact: Math.tanh, limit: 1.5 },
  { name: "erf", exact: erf, limit: 1.5 },
  { name: "sin", exact: Math.sin, limit: 2 },
  { name: "cos", exact: Math.cos, limit: 2 },
];

describe("f32 vectors of transcendental functions stay within a few units in the last place", () => {
  test.each([16, 8])("%i lanes", async (lanes) => {
    const inputs = samples();
    const tensor = tensorFromNumbers("f32", [inputs.length], Array.from(inputs));
    const module = elementwiseModule(
      functions.map(({ name }) => plain(`math.${name}`, [f32], f32)),
      inputs.length,
      lanes,
    );
    const { model } = await load(module, {}, ["-O3", "-march=native", "-ffp-contract=fast"]);
    const given = new Map(functions.map(({ name }, number) => [`math.${name}.${number}.0`, tensor]));
    const results = model.run(given);
    const errors = functions.map(({ name, exact }, number) => ({
      name,
      ...largestError(dataOf(results.get(`math.${name}.${number}`)!, "f32"), inputs, exact),
    }));
    functions.forEach(({ limit }, number) =>
      expect(errors[number]!.ulp, JSON.stringify(errors[number])).toBeLessThan(limit),
    );
  });
});
