import { describe, expect, test } from "vitest";
import { registry } from "../../../../src/ir/dialects/index.ts";
import { parseModule } from "../../../../src/ir/text/parse.ts";
import { printModule } from "../../../../src/ir/text/print.ts";
import { verifyModule } from "../../../../src/ir/verifier.ts";

const map = (results: string): string => `affine_map<(d0, d1, d2, d3) -> (${results})>`;

/** An attention of 3 queries and 5 keys, of 4 channels, with values of 6; each part may be another one. */
function attention(
  changes: {
    readonly maps?: readonly string[];
    readonly value?: string;
    readonly result?: string;
    readonly block?: string;
    readonly yielded?: string;
    readonly flag?: string;
  } = {},
): string {
  const maps = (changes.maps ?? ["d0, d2", "d1, d2", "d1, d3", "d0, d1", "d0, d3"]).map(map).join(", ");
  const value = changes.value ?? "tensor<5x6xf32>";
  const result = changes.result ?? "tensor<3x6xf32>";
  const block = changes.block ?? "%arg5: f32, %arg6: f32, %arg7: index, %arg8: index";
  return `module {
  func.func @main(%arg0: tensor<3x4xf32>, %arg1: tensor<5x4xf32>, %arg2: ${value}, %arg3: tensor<3x5xf32>, %arg4: ${result}) -> ${result} {
    %0 = weft.online_attention ins(%arg0, %arg1, %arg2, %arg3 : tensor<3x4xf32>, tensor<5x4xf32>, ${value}, tensor<3x5xf32>) outs(%arg4 : ${result}) attributes {indexing_maps = [${maps}]${changes.flag ?? ""}} {
    ^bb0(${block}):
      %1 = arith.addf %arg5, %arg5 : f32
      weft.yield ${changes.yielded ?? "%1 : f32"}
    } -> ${result}
    return %0 : ${result}
  }
}
`;
}

const findings = (text: string): readonly string[] =>
  verifyModule(parseModule(text, { file: "attention.mlir", registry }), registry).map(({ message }) => message);

describe("weft.online_attention", () => {
  test.each([attention(), attention({ flag: ", zero_if_masked" })])("prints as it is read", (text) => {
    expect(findings(text)).toEqual([]);
    expect(printModule(parseModule(text, { file: "attention.mlir", registry }), registry, { localScope: true })).toBe(
      text,
    );
  });

  test.each([
    [{ maps: ["d0, d2", "d1, d2", "d1, d3", "d0, d1"] }, "expects 5 indexing maps, one for each operand"],
    [{ maps: ["d0, d1", "d1, d2", "d1, d3", "d0, d1", "d0, d3"] }, "the query cannot be indexed by t"],
    [{ maps: ["d0, d2", "d1, d3", "d1, d3", "d0, d1", "d0, d3"] }, "the key cannot be indexed by e"],
    [{ maps: ["d0, d2", "d1, d2", "d1, d3", "d0, d2", "d0, d3"] }, "the extra cannot be indexed by d"],
    [
      { maps: ["d0, d2", "d1, d2", "d1, d3", "d0, d1", "d0, 0"] },
      "the output is not indexed by the rows and e, each once",
    ],
    [{ maps: ["d0, d2", "d1, d2", "d1", "d0, d1", "d0, d3"] }, "indexing map #2 does not fit 'tensor<5x6xf32>'"],
    [{ value: "tensor<7x6xf32>" }, "dimension 0 of operand #2 is 7, but its loop runs to 5"],
    [{ maps: ["d0, d2", "d1, d2", "d1, 9", "d0, d1", "d0, d3"] }, "operand #2 is read outside dimension 1"],
    [{ value: "tensor<5x6xf16>" }, "expects queries, keys, values and output of one floating-point type"],
    [
      { block: "%arg5: f32, %arg6: f32, %arg7: index" },
      "expects a body of (f32, f32, index, index): a score, extra inputs, the place; found (f32, f32, index)",
    ],
    [{ yielded: "%1, %1 : f32, f32" }, "expects its body to yield one f32"],
  ])("refuses %j", (changes, message) => {
    expect(findings(attention(changes))).toContain(`'weft.online_attention' op ${message}`);
  });

  test("is the only other place of weft.yield", () => {
    const text = "func.func @f() {\n  weft.yield\n}\n";
    expect(findings(text).join()).toContain("expects parent op to be one of 'weft.kernel, weft.online_attention'");
  });
});
