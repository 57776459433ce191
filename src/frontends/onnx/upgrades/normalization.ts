import { intAttribute } from "./rewriting.ts";
import { dropping, type Rewrite, type Upgrade, upgrade, upgradeEach } from "./table.ts";

/**
 * Until operator set 12 these worked on the matrix that the dimensions before `axis` (default 1) and those from it on make;
 * since then they work along one axis.
 */
const rowwise12: Rewrite = (node, to) => {
  const [x = ""] = node.inputs;
  const axis = to.int("axis", 1);
  const rank = to.rankOf(x) ?? to.rankOf(node.outputs[0] ?? "");
  const last = axis === -1 || (rank !== undefined && axis === rank - 1);
  const lastAxis = { axis: intAttribute(-1) };
  if (last) return to.next(node, { set: lastAxis });
  const matrix = to.apply("Flatten", [x], { axis: intAttribute(axis) });
  const rows = to.name("rows");
  to.next(node, { inputs: [matrix], outputs: [rows], set: lastAxis });
  const shape = to.apply("Shape", [x]);
  // Dimensions of size 0 mean themselves here.
  to.apply("Reshape", [rows, shape], { allowzero: intAttribute(1) }, node.outputs[0] ?? "");
};

/** Until operator set 6 `is_test` told inference from training, its default. */
const batchNormalization6: Rewrite = (node, to) => {
  if (to.int("is_test", 0) !== 0) {
    return to.next(node, { without: ["is_test"], outputs: node.outputs.slice(0, 1) });
  }
  if (to.int("spatial", 1) === 0) to.refuse("training without `spatial` has no newer form");
  return trainingForm(node, to);
};

/** Until operator set 8 without `spatial` every element of a sample had statistics of its own. */
const batchNormalization8: Rewrite = (node, to) => {
  if (to.int("spatial", 1) !== 0) return to.next(node, { without: ["spatial"] });
  if (node.outputs.slice(1).some((name) => name !== "" && to.scope.isUsed(name))) {
    to.refuse("training without `spatial` has no newer form");
  }
  const [x = "", scale = "", bias = "", mean = "", variance = ""] = node.inputs;
  const epsilon = to.scalarLike("epsilon", to.float("epsilon") ?? Math.fround(1e-5), x);
  const deviation = to.apply("Sqrt", [to.apply("Add", [variance, epsilon])]);
  const normalized = to.apply("Div", [to.apply("Sub", [x, mean]), deviation]);
  to.apply("Add", [to.apply("Mul", [normalized, scale]), bias], {}, node.outputs[0] ?? "");
};

/** Until operator set 13 more outputs than one meant training. */
const batchNormalization13: Rewrite = (node, to) => {
  const training = node.outputs.slice(1).some((name) => name !== "" && to.scope.isUsed(name));
  if (!training) return to.next(node, { outputs: node.outputs.slice(0, 1) });
  return trainingForm(node, to);
};

function trainingForm(...[node, to]: Parameters<Rewrite>): void {
  if (node.outputs.slice(3).some((name) => name !== "" && to.scope.isUsed(name))) {
    to.refuse("the saved mean and variance of training have no newer form");
  }
  const set = { training_mode: intAttribute(1) };
  to.next(node, { without: ["is_test", "spatial"], outputs: node.outputs.slice(0, 3), set, version: 14 });
}

/** Until operator set 20 scale and bias had one element for each group instead of each channel. */
const groupNormalization20: Rewrite = (node, to) => {
  const [x = "", scale = "", bias = ""] = node.inputs;
  const groups = to.required("num_groups", to.int("num_groups"));
  const channels = to.apply("Shape", [x], { start: intAttribute(1), end: intAttribute(2) });
  const perGroup = to.apply("Div", [channels, to.ints("groups", [groups])]);
  const repeats = to.apply("Concat", [to.ints("one", [1]), perGroup], { axis: intAttribute(0) });
  const perChannel = (vector: string): string => {
    const column = to.apply("Unsqueeze", [vector, to.ints("last", [1])]);
    return to.apply("Reshape", [to.apply("Expand", [column, repeats]), to.ints("flat", [-1])]);
  };
  to.next(node, { inputs: [x, perChannel(scale), perChannel(bias)] });
};

/** Changes of normalizing operators, of products, and of recurrent ones. */
export const normalizationUpgrades: readonly Upgrade[] = [
  ...upgradeEach(["Softmax", "LogSoftmax", "Hardmax"], { through: 12 }, rowwise12),
  upgrade("", "BatchNormalization", { through: 6 }, batchNormalization6),
  upgrade("", "BatchNormalization", { through: 8 }, batchNormalization8),
  upgrade("", "BatchNormalization", { through: 13 }, batchNormalization13),
  upgrade("", "GroupNormalization", { through: 20 }, groupNormalization20),
  // C was broadcast as today, but only on demand.
  upgrade("", "Gemm", { through: 6 }, dropping("broadcast")),
  // Whether the sequence is an output shows by its name since then.
  ...upgradeEach(["RNN", "GRU", "LSTM"], { through: 6 }, dropping("output_sequence")),
];
