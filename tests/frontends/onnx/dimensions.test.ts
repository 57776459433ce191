import { describe, expect, test } from "vitest";
import { bindDimensions, parseDimensionBindings, parseInputShapes } from "../../../src/frontends/onnx/dimensions.ts";
import type { OnnxDimension, OnnxValueInfo } from "../../../src/frontends/onnx/graph.ts";
import { CompileError } from "../../../src/support/diagnostic.ts";

const input = (name: string, shape: readonly OnnxDimension[] | undefined): OnnxValueInfo => ({
  name,
  type: { kind: "tensor", elementType: "f32", shape },
});
const bind = (inputs: readonly OnnxValueInfo[], symbols = "", shapes = "") =>
  bindDimensions(
    inputs,
    {
      bind: symbols === "" ? new Map() : parseDimensionBindings(symbols),
      shapes: shapes === "" ? new Map() : parseInputShapes(shapes),
    },
    "m.onnx",
  );

function codesOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof CompileError) return error.diagnostics.map(({ code }) => code);
    throw error;
  }
  return [];
}

const image = input("x", ["N", 3, "H", "W"]);

describe("binding", () => {
  test("static shapes need nothing", () => {
    expect(bind([input("x", [1, 2]), input("s", [])]).shapes).toEqual(
      new Map([
        ["x", [1, 2]],
        ["s", []],
      ]),
    );
  });
  test("symbols get values by name", () => {
    const bound = bind([image, input("m", ["N", undefined])], "N=2,H=48,W=192", "m=2x7");
    expect(bound.shapes).toEqual(
      new Map([
        ["x", [2, 3, 48, 192]],
        ["m", [2, 7]],
      ]),
    );
    expect(bound.symbols).toEqual(
      new Map([
        ["N", 2],
        ["H", 48],
        ["W", 192],
      ]),
    );
  });
  test("a shape binds the symbols of other inputs", () => {
    expect(bind([image, input("m", ["W", "N"])], "", "x=1x3x4x5").shapes.get("m")).toEqual([5, 1]);
  });
  test("an input of unknown rank takes a shape", () => {
    expect(bind([input("x", undefined)], "", "x=1x2").shapes.get("x")).toEqual([1, 2]);
  });
  test("sequences have no shape", () => {
    const sequence: OnnxValueInfo = { name: "s", type: { kind: "sequence", element: image.type! } };
    expect(bind([sequence]).shapes.size).toBe(0);
  });
});

describe("errors", () => {
  test("every unbound dimension is named, with the cure", () => {
    let error: unknown;
    try {
      bind([image, input("m", [undefined]), input("u", undefined)], "N=1");
    } catch (thrown) {
      error = thrown;
    }
    const { diagnostics } = error as CompileError;
    expect(diagnostics.map(({ code }) => code)).toEqual(Array.from({ length: 4 }, () => "onnx/dimension-unbound"));
    expect(diagnostics.map(({ message }) => message)).toEqual([
      "input 'x' has the shape [N, 3, H, W]: dimension 'H' has no value",
      "input 'x' has the shape [N, 3, H, W]: dimension 'W' has no value",
      "input 'm' has the shape [?]: dimension 0, which has no name, has no value",
      "input 'u' has the shape [?]: its number of dimensions has no value",
    ]);
    expect(diagnostics[0]!.help).toContain("--bind NAME=VALUE");
  });
  test.each([
    ["one symbol with two values", [image, input("m", ["N"])], "", "x=1x3x4x5,m=2", ["dimension-conflict"]],
    ["--bind against --shape", [input("m", ["N"])], "N=3", "m=2", ["dimension-conflict"]],
    ["a shape of the wrong rank", [input("m", [1, 2])], "", "m=2", ["dimension-rank"]],
    ["a shape against static sizes", [input("m", [1, 2])], "", "m=2x2", ["dimension-static"]],
    ["an unknown symbol", [input("m", [1])], "K=2", "", ["dimension-unknown-name"]],
    ["an unknown input", [input("m", [1])], "", "k=2", ["dimension-unknown-input"]],
    [
      "several at once",
      [input("m", [1]), input("n", ["N"])],
      "K=2",
      "k=2",
      ["dimension-unknown-name", "dimension-unknown-input", "dimension-unbound"],
    ],
  ] as const)("%s", (_, inputs, symbols, shapes, expected) => {
    expect(codesOf(() => bind(inputs, symbols, shapes))).toEqual(expected.map((code) => `onnx/${code}`));
  });
});

describe("the command line's texts", () => {
  test("bindings", () => {
    expect(parseDimensionBindings("batch=1,H=48", "a=b=2")).toEqual(
      new Map([
        ["batch", 1],
        ["H", 48],
        ["a=b", 2],
      ]),
    );
  });
  test("shapes", () => {
    expect(parseInputShapes("x=1x3x48x192, y:0=2,s=")).toEqual(
      new Map<string, number[]>([
        ["x", [1, 3, 48, 192]],
        ["y:0", [2]],
        ["s", []],
      ]),
    );
  });
  test.each(["batch", "=1", "b=-1", "b=1.5", "b=x", "b=1,b=2", "b=99999999999999999999", "b=1,"])(
    "refuses %s",
    (text) => {
      expect(codesOf(() => parseDimensionBindings(text))).toEqual(["onnx/dimension-syntax"]);
    },
  );
  test.each(["x", "x=1x", "x=axb", "x=-1x2"])("refuses the shape %s", (text) => {
    expect(codesOf(() => parseInputShapes(text))).toEqual(["onnx/dimension-syntax"]);
  });
});
