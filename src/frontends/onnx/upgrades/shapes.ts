import { type HostTensor, readElement, tensorFromNumbers, toNumbers } from "../../../support/numeric/host-tensor.ts";
import { intAttribute, type Rewriting } from "./rewriting.ts";
import { type Rewrite, type Upgrade, upgrade, upgradeEach } from "./table.ts";

/** An i64 vector attribute that became the input at `position`; absent stays absent. */
const intsToInput =
  (name: string, position: number, alsoDrop: readonly string[] = []): Rewrite =>
  (node, to) => {
    const values = to.intList(name);
    const inputs = Array.from({ length: position }, (_, index) => node.inputs[index] ?? "");
    if (values !== undefined) inputs.push(to.ints(name, values));
    to.next(node, { inputs, without: [name, ...alsoDrop] });
  };

/** Operator set 1 also took the sizes as an input, of the data's type. */
const split1: Rewrite = (node, to) => {
  const sizes = node.inputs[1] ?? "";
  const axis = intAttribute(to.int("axis", 0));
  if (sizes === "") return to.next(node, { set: { axis } });
  const asInts = to.apply("Cast", [sizes], { to: intAttribute(7) });
  return to.next(node, { inputs: [node.inputs[0] ?? "", asInts], without: ["split"], set: { axis }, version: 13 });
};

/** Until operator set 17 the number of outputs told into how many equal parts to split. */
const split17: Rewrite = (node, to) => {
  if ((node.inputs[1] ?? "") !== "") return to.next(node);
  return to.next(node, { set: { num_outputs: intAttribute(node.outputs.length) } });
};

/** Until operator set 9 the bounds were attributes. */
const slice9: Rewrite = (node, to) => {
  const starts = to.required("starts", to.intList("starts"));
  const ends = to.required("ends", to.intList("ends"));
  const axes = to.intList("axes");
  const inputs = [node.inputs[0] ?? "", to.ints("starts", starts), to.ints("ends", ends)];
  if (axes !== undefined) inputs.push(to.ints("axes", axes));
  to.next(node, { inputs, without: ["starts", "ends", "axes"] });
};

/** Operator set 1 named the attribute differently. */
const pad1: Rewrite = (node, to) => {
  const pads = node.attributes.get("pads") ?? to.required("paddings", node.attributes.get("paddings"));
  to.next(node, { without: ["paddings"], set: { pads } });
};

/** Until operator set 10 pads and value were attributes. */
const pad10: Rewrite = (node, to) => {
  const [x = ""] = node.inputs;
  const inputs = [x, to.ints("pads", to.required("pads", to.intList("pads")))];
  const value = to.float("value") ?? 0;
  if (value !== 0) inputs.push(to.scalarLike("value", value, x));
  to.next(node, { inputs, without: ["pads", "value"] });
};

/** Until operator set 5 one axis was repeated; count and axis were inputs of the data's type. */
const tile5: Rewrite = (node, to) => {
  const [x = "", tiles = "", axis = ""] = node.inputs;
  const asIndex = (name: string): string =>
    to.apply("Reshape", [to.apply("Cast", [name], { to: intAttribute(7) }), to.ints("vector", [1])]);
  to.next(node, { inputs: [x, constantRepeats(x, tiles, axis, to) ?? computedRepeats()] });

  function computedRepeats(): string {
    const rank = to.apply("Shape", [to.apply("Shape", [x])]);
    const ones = to.apply("Expand", [to.ints("one", [1]), rank]);
    return to.apply("ScatterElements", [ones, asIndex(axis), asIndex(tiles)], { axis: intAttribute(0) });
  }
};

function constantRepeats(x: string, tiles: string, axis: string, to: Rewriting): string | undefined {
  const rank = to.rankOf(x);
  const scalar = (tensor: HostTensor | undefined) =>
    tensor?.data.length === 1 ? Number(readElement(tensor, 0)) : undefined;
  const count = scalar(to.scope.constantOf(tiles));
  const at = scalar(to.scope.constantOf(axis));
  if (rank === undefined || count === undefined || at === undefined) return undefined;
  const repeated = at < 0 ? at + rank : at;
  return to.ints(
    "repeats",
    Array.from({ length: rank }, (_, index) => (index === repeated ? count : 1)),
  );
}

/** Until operator set 9 the count was an attribute. */
const topK9: Rewrite = (node, to) => {
  const k = to.required("k", to.int("k"));
  to.next(node, { inputs: [node.inputs[0] ?? "", to.ints("k", [k])], without: ["k"] });
};

/** Until operator set 3 the axis had a default. */
const concat3: Rewrite = (node, to) => to.next(node, { set: { axis: intAttribute(to.int("axis", 1)) } });

/** Until operator set 10 negative indices were outside the range, and their rows all `off`. */
const oneHot10: Rewrite = (node, to) => {
  const [indices = "", depth = "", values = ""] = node.inputs;
  const known = to.scope.constantOf(indices);
  if (known !== undefined && toNumbers(known).every((index) => index >= 0)) return to.next(node);
  const asInts = to.apply("Cast", [indices], { to: intAttribute(7) });
  const zero = to.constant("zero", tensorFromNumbers("i64", [], [0]));
  // Beyond any depth, and so outside the range on both sides.
  const outside = to.constant("outside", tensorFromNumbers("i64", [], [2n ** 62n]));
  const inRange = to.apply("Where", [to.apply("Less", [asInts, zero]), outside, asInts]);
  return to.next(node, { inputs: [inRange, depth, values] });
};

/** Until operator set 19 the axis was an attribute, counted from 1 by default. */
const dft19: Rewrite = (node, to) => {
  const axis = to.constant("axis", tensorFromNumbers("i64", [], [to.int("axis", 1)]));
  to.next(node, { inputs: [node.inputs[0] ?? "", node.inputs[1] ?? "", axis], without: ["axis"] });
};

const axesReductions =
  "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSumSquare".split(" ");

/** Changes of operators that move data, and of reductions. */
export const shapeUpgrades: readonly Upgrade[] = [
  upgrade("", "Reshape", { through: 4 }, intsToInput("shape", 1, ["consumed_inputs"])),
  ...upgradeEach(["Squeeze", "Unsqueeze"], { through: 12 }, intsToInput("axes", 1)),
  upgrade("", "ReduceSum", { through: 12 }, intsToInput("axes", 1)),
  ...upgradeEach(axesReductions, { through: 17 }, intsToInput("axes", 1)),
  upgrade("", "Split", { through: 1 }, split1),
  upgrade("", "Split", { through: 12 }, intsToInput("split", 1)),
  upgrade("", "Split", { through: 17 }, split17),
  upgrade("", "Slice", { through: 9 }, slice9),
  upgrade("", "Pad", { through: 1 }, pad1),
  upgrade("", "Pad", { through: 10 }, pad10),
  upgrade("", "Tile", { through: 5 }, tile5),
  upgrade("", "TopK", { through: 9 }, topK9),
  upgrade("", "Concat", { through: 3 }, concat3),
  // Deprecated since operator set 11, where it got its new name.
  upgrade("", "Scatter", { through: 27 }, (node, to) => to.next(node, { opType: "ScatterElements" })),
  upgrade("", "OneHot", { through: 10 }, oneHot10),
  upgrade("", "DFT", { through: 19 }, dft19),
];
