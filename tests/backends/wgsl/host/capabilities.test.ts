import { expect, test } from "vitest";
import { hasHostRule } from "../../../../src/backends/wgsl/host/function-printer.ts";
import { printingRules } from "../../../../src/backends/wgsl/rules/index.ts";
import { arith, math } from "../../../../src/ir/dialects/index.ts";
import { wgslOperationRefusal, wgslTypeRefusal } from "../../../../src/targets/wgsl-capabilities.ts";

/** Operations that legalization spells out before anything is printed. */
const spelledOut: ReadonlySet<string> = new Set(["addui_extended", "mulsi_extended", "mului_extended"].map((name) => `arith.${name}`)); // prettier-ignore
/** Operations of these dialects that no model is lowered to, and that neither side has. */
const nowhere: ReadonlySet<string> = new Set(["arith.scaling_extf", "arith.scaling_truncf", "math.sincos"]);

const names = [...arith.dialect.operations, ...math.dialect.operations].map(({ name }) => name);

test("the device is said to run what there are WGSL rules for, and nothing else", () => {
  const claimed = names.filter((name) => wgslOperationRefusal(name) === undefined && !spelledOut.has(name));
  expect(claimed).toEqual(names.filter((name) => printingRules.has(name)));
});

test("what the device cannot run, the host can", () => {
  const lost = names.filter((name) => !spelledOut.has(name) && !nowhere.has(name) && !hasHostRule(name));
  expect(lost).toEqual([]);
});

test("reasons name what is missing", () => {
  expect(wgslTypeRefusal("f64")).toBe("WGSL has no f64");
  expect(wgslTypeRefusal("f32")).toBeUndefined();
  expect(wgslOperationRefusal("math.clampf")).toBe("there is no WGSL rule for math.clampf");
});
