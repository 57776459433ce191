import { describe, expect, test } from "vitest";
import { ModuleReader, walk } from "../../../src/ir/module.ts";
import { importOnnx } from "../../../src/frontends/onnx/import.ts";
import { loadOnnxModelFromBytes } from "../../../src/frontends/onnx/load.ts";
import { lowerOnnx } from "../../../src/passes/lower-onnx/lower-onnx.ts";
import { type Diagnostic } from "../../../src/support/diagnostic.ts";
import {
  f32,
  type Graph,
  graphAttribute,
  i64,
  initializer,
  int,
  ints,
  node,
  value,
} from "../../frontends/onnx/support/model-writer.ts";
import {
  bytesOfCase,
  checkCase,
  type OperatorCase,
  refusalOf,
  runKnown,
  runUnknown,
  testAgainstOnnxRuntime,
} from "./support/operator-case.ts";
import { mixed, tensor } from "./support/values.ts";

const graph = (part: Graph): ReturnType<typeof graphAttribute> => graphAttribute({ name: "body", ...part });
const bool = (shape: readonly number[], ...values: readonly number[]) => tensor("i1", shape, ...values);

/** The operations that are left after lowering with unknown inputs, and the warnings. */
function lowered(example: OperatorCase): {
  readonly names: readonly string[];
  readonly warnings: readonly Diagnostic[];
} {
  const warnings: Diagnostic[] = [];
  const model = loadOnnxModelFromBytes(bytesOfCase(example), { file: "case.onnx", folder: undefined });
  const module = lowerOnnx(importOnnx(model, { bind: new Map(), shapes: new Map() }), (warning) =>
    warnings.push(warning),
  );
  return { names: [...walk(new ModuleReader(module))].map((op) => op.name), warnings };
}

describe("If", () => {
  const choose = (condition: OperatorCase["inputs"]): OperatorCase => ({
    name: "a condition",
    nodes: [
      node("If", "c", "y", {
        then_branch: graph({ node: [node("Add", "x x", "z")], output: [value("z", "f32", [2, 3])] }),
        else_branch: graph({ node: [node("Neg", "x", "z")], output: [value("z", "f32", [2, 3])] }),
      }),
    ],
    inputs: { x: mixed([2, 3]), ...condition },
  });
  testAgainstOnnxRuntime([
    { ...choose({ c: bool([], 1) }), name: "true" },
    { ...choose({ c: bool([], 0) }), name: "false" },
    { ...choose({}), constants: { c: bool([], 1) }, name: "known" },
  ]);
  test("a known condition leaves no branch", () => {
    expect(lowered({ ...choose({}), constants: { c: bool([], 0) } }).names).not.toContain("scf.if");
    expect(lowered(choose({ c: bool([], 0) })).names).toContain("scf.if");
  });

  const different: OperatorCase = {
    name: "",
    nodes: [
      node("If", "c", "y", {
        then_branch: graph({ node: [node("Identity", "x", "z")], output: [value("z", "f32")] }),
        else_branch: graph({ node: [node("Concat", "x x", "z", { axis: int(0) })], output: [value("z", "f32")] }),
      }),
    ],
    inputs: { x: mixed([2]), c: bool([], 0) },
  };
  test("branches of different shapes need a known condition", () => {
    expect(runKnown(different)[0]!.shape).toEqual([4]);
    expect(refusalOf(() => runUnknown(different))).toContain("different shapes");
  });

  const impossible: OperatorCase = {
    name: "",
    nodes: [
      node("If", "c", "y", {
        then_branch: graph({ node: [node("Neg", "x", "z")], output: [value("z", "f32")] }),
        else_branch: graph({ node: [node("MatMul", "x x", "z")], output: [value("z", "f32")] }),
      }),
    ],
    inputs: { x: mixed([2, 3]), c: bool([], 1) },
  };
  test("a branch that the shapes rule out gives NaN and a warning", () => {
    checkCase(impossible, [{ shape: [2, 3], values: Array.from(mixed([2, 3]).data as Float32Array, (x) => -x) }]);
    const [result] = runUnknown({ ...impossible, inputs: { ...impossible.inputs!, c: bool([], 0) } });
    expect([...(result!.data as Float32Array)].every(Number.isNaN)).toBe(true);
    expect(lowered(impossible).warnings.map(({ code }) => code)).toEqual(["onnx/assumption"]);
  });
});

/** y = s after `count` times s ← s·0.5 + i, and every s on the way. */
function loop(
  name: string,
  spec: {
    readonly count?: ReturnType<typeof i64>;
    readonly condition?: ReturnType<typeof bool>;
    readonly known?: boolean;
    /** The condition that the body returns. */
    readonly until?: Graph["node"];
    readonly outputs?: string;
  },
): OperatorCase {
  const { count, condition, known = false, outputs = "y all" } = spec;
  const operands = { ...(count ? { m: count } : {}), ...(condition ? { c: condition } : {}) };
  const body = graph({
    input: [value("i", "i64", []), value("going", "i1", []), value("s", "f32", [3])],
    node: [
      node("Cast", "i", "position", { to: int(1) }),
      node("Mul", "s half", "scaled"),
      node("Add", "scaled position", "next"),
      ...(spec.until ?? [node("Identity", "going", "again")]),
    ],
    output: [value("again", "i1", []), value("next", "f32", [3]), value("s", "f32", [3])].slice(
      0,
      1 + outputs.split(" ").length,
    ),
  });
  return {
    name,
    nodes: [node("Loop", `${count ? "m" : "_"} ${condition ? "c" : "_"} x`, outputs, { body })],
    inputs: { x: mixed([3]), ...(known ? {} : operands) },
    constants: { half: f32([], 0.5), limit: f32([], 3), ...(known ? operands : {}) },
    outputs: outputs.split(" "),
  };
}
const until = [node("ReduceMax", "next", "most", { keepdims: int(0) }), node("Less", "most limit", "again")] as const;
const yes = bool([], 1);

describe("Loop", () => {
  testAgainstOnnxRuntime([
    loop("a short known count is written out", { count: i64([], 3), condition: yes, known: true }),
    loop("a long known count", { count: i64([], 40), condition: yes, known: true }),
    loop("a count of zero", { count: i64([], 0), condition: yes, known: true }),
    loop("a count at run time", { count: i64([], 5), condition: yes, outputs: "y" }),
    loop("a condition that the body computes", { count: i64([], 50), condition: yes, until: [...until], outputs: "y" }),
    loop("a condition alone", { condition: yes, known: true, until: [...until], outputs: "y" }),
    loop("a false condition at run time", { count: i64([], 5), condition: bool([], 0), outputs: "y" }),
    loop("a condition false from the start", { count: i64([], 5), condition: bool([], 0), known: true }),
  ]);
  test("what stays a loop and what does not", () => {
    const names = (example: OperatorCase) => lowered(example).names.filter((name) => name.startsWith("scf."));
    expect(names(loop("", { count: i64([], 3), condition: yes, known: true }))).not.toContain("scf.for");
    expect(names(loop("", { count: i64([], 40), condition: yes, known: true }))).toContain("scf.for");
    expect(names(loop("", { condition: yes, known: true, until: [...until], outputs: "y" }))).toContain("scf.while");
  });
  test("collecting an unknown number of values is refused", () => {
    const example = loop("", { count: i64([], 5), condition: yes });
    expect(refusalOf(() => runUnknown(example))).toContain("scan output depends");
    expect(runKnown(example)[1]!.shape).toEqual([5, 3]);
  });
  test("a loop without end is refused", () => {
    const example = loop("", { condition: yes, known: true, outputs: "y" });
    expect(refusalOf(() => runUnknown(example))).toContain("it never ends");
  });

  test("values that grow are followed when everything is known", () => {
    const body = graph({
      input: [value("i", "i64", []), value("going", "i1", []), value("s", "f32")],
      node: [node("Concat", "s s", "next", { axis: int(0) }), node("Identity", "going", "again")],
      output: [value("again", "i1", []), value("next", "f32")],
    });
    const example: OperatorCase = {
      name: "",
      nodes: [node("Loop", "m c x", "y", { body })],
      inputs: { x: f32([1], 7) },
      constants: { m: i64([], 20), c: yes },
    };
    expect(runKnown({ ...example, constants: { m: i64([], 5), c: yes } })[0]!.shape).toEqual([32]);
    expect(runUnknown({ ...example, constants: { m: i64([], 3), c: yes } })[0]!.shape).toEqual([8]);
  });

  test("loops in loops", () => {
    const inner = graph({
      input: [value("j", "i64", []), value("in", "i1", []), value("t", "f32", [2])],
      node: [node("Add", "t x", "u"), node("Identity", "in", "out")],
      output: [value("out", "i1", []), value("u", "f32", [2])],
    });
    const outer = graph({
      input: [value("i", "i64", []), value("going", "i1", []), value("s", "f32", [2])],
      node: [node("Loop", "n c s", "next", { body: inner }), node("Identity", "going", "again")],
      output: [value("again", "i1", []), value("next", "f32", [2])],
      initializer: [initializer("n", i64([], 30))],
    });
    const example: OperatorCase = {
      name: "",
      nodes: [node("Loop", "m c x", "y", { body: outer })],
      inputs: { x: f32([2], 1, -2) },
      constants: { m: i64([], 20), c: yes },
    };
    checkCase(example, [{ shape: [2], values: [601, -1202] }]);
  });
});

describe("Scan", () => {
  const scan = (
    name: string,
    steps: number,
    attributes: Parameters<typeof node>[3],
    x = [steps, 2, 3],
  ): OperatorCase => ({
    name,
    nodes: [
      node("Scan", "s x", "last all", {
        num_scan_inputs: int(1),
        body: graph({
          input: [value("before", "f32", [2, 3]), value("element", "f32", [2, 3])],
          node: [
            node("Mul", "before half", "scaled"),
            node("Add", "scaled element", "after"),
            node("Neg", "after", "out"),
          ],
          output: [value("after", "f32", [2, 3]), value("out", "f32", [2, 3])],
        }),
        ...attributes,
      }),
    ],
    inputs: { s: mixed([2, 3]), x: mixed(x, 1, 1) },
    constants: { half: f32([], 0.5) },
    outputs: ["last", "all"],
  });
  testAgainstOnnxRuntime([
    scan("few steps", 3, {}),
    scan("many steps", 9, {}),
    scan("backwards in and out", 7, { scan_input_directions: ints(1), scan_output_directions: ints(1) }),
    scan("backwards, few steps", 4, { scan_input_directions: ints(1), scan_output_directions: ints(1) }),
    scan("other axes", 6, { scan_input_axes: ints(1), scan_output_axes: ints(-1) }, [2, 6, 3]),
    scan("other axes, few steps", 2, { scan_input_axes: ints(-1), scan_output_axes: ints(1) }, [2, 3, 2]),
  ]);
});

describe("sequences", () => {
  const outputs = { opset: 17 };
  testAgainstOnnxRuntime([
    {
      ...outputs,
      name: "built, changed and joined",
      nodes: [
        node("SequenceConstruct", "a b", "s"),
        node("SequenceInsert", "s c one", "t"),
        node("SequenceErase", "t zero", "u"),
        node("ConcatFromSequence", "u", "y", { axis: int(1) }),
        node("SequenceLength", "t", "n"),
        node("SequenceAt", "t last", "z"),
      ],
      inputs: { a: mixed([2, 1]), b: mixed([2, 3], 1, 1), c: mixed([2, 2], 1, 2) },
      constants: { one: i64([], 1), zero: i64([], 0), last: i64([], -1) },
      outputs: ["y", "n", "z"],
    },
    {
      ...outputs,
      name: "split and stacked",
      nodes: [
        node("SplitToSequence", "x", "s", { axis: int(1), keepdims: int(0) }),
        node("ConcatFromSequence", "s", "y", { axis: int(-1), new_axis: int(1) }),
      ],
      inputs: { x: mixed([2, 3, 4]) },
    },
    {
      ...outputs,
      name: "split by a size that does not divide",
      nodes: [node("SplitToSequence", "x size", "s", { axis: int(0) }), node("SequenceAt", "s last", "y")],
      inputs: { x: mixed([5, 2]) },
      constants: { size: i64([], 2), last: i64([], -1) },
    },
  ]);
  test("a position outside is refused", () => {
    const example: OperatorCase = {
      name: "",
      nodes: [node("SequenceConstruct", "a a", "s"), node("SequenceAt", "s at", "y")],
      inputs: { a: mixed([2]) },
      constants: { at: i64([], 2) },
    };
    expect(refusalOf(() => runUnknown(example))).toContain("outside of a sequence of 2");
  });
});
