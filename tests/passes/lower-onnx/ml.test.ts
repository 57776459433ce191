import { describe, expect, test } from "vitest";
import { tensorFromNumbers, tensorFromStrings } from "../../../src/support/numeric/host-tensor.ts";
import { f32, float, floats, i64, int, ints, node, text, texts } from "../../frontends/onnx/support/model-writer.ts";
import { ml, type OperatorCase, refusalOf, runKnown, testAgainstOnnxRuntime } from "./support/operator-case.ts";

const domain = { domain: "ai.onnx.ml" };
type Attributes = Parameters<typeof node>[3];
const one = (opType: string, attributes: Attributes, inputs = "x", outputs = "y") =>
  node(opType, inputs, outputs, attributes, domain);
const mixed = (shape: readonly number[], magnitude = 2) =>
  f32(
    shape,
    ...Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) =>
      Math.fround(Math.sin(index * 1.7 + 0.3) * magnitude),
    ),
  );
const rows = mixed([4, 3]);

describe("preparing features, as in ONNX Runtime", () => {
  testAgainstOnnxRuntime([
    { domains: ml, name: "Binarizer", nodes: [one("Binarizer", { threshold: float(0.5) })], inputs: { x: rows } },
    {
      domains: ml,
      name: "Scaler by column",
      nodes: [one("Scaler", { offset: floats(1, 2, 3), scale: floats(0.5, 2, -1) })],
      inputs: { x: rows },
    },
    {
      domains: ml,
      name: "Scaler of integers",
      nodes: [one("Scaler", { offset: floats(0.5), scale: floats(2) })],
      inputs: { x: i64([2, 2], 1, 2, 3, 4) },
    },
    ...["MAX", "L1", "L2"].map((norm): OperatorCase => ({
      domains: ml,
      name: `Normalizer ${norm}`,
      nodes: [one("Normalizer", { norm: text(norm) })],
      // The largest number of a row without its sign is not what MAX means to every implementation: rows are positive.
      inputs: { x: f32([3, 2], 1, 2, 0, 0, 4, 3) },
    })),
    {
      domains: ml,
      name: "Imputer of NaN by column",
      nodes: [one("Imputer", { imputed_value_floats: floats(7, 8), replaced_value_float: float(NaN) })],
      inputs: { x: f32([2, 2], NaN, 1, 2, NaN) },
    },
    {
      domains: ml,
      name: "Imputer of integers",
      nodes: [one("Imputer", { imputed_value_int64s: ints(7), replaced_value_int64: int(-1) })],
      inputs: { x: i64([2, 2], -1, 1, 2, -1) },
    },
    {
      domains: ml,
      name: "FeatureVectorizer",
      nodes: [one("FeatureVectorizer", { inputdimensions: ints(3, 2) }, "x z")],
      inputs: { x: rows, z: mixed([4, 2]) },
    },
    {
      domains: ml,
      name: "ArrayFeatureExtractor",
      nodes: [one("ArrayFeatureExtractor", {}, "x i")],
      inputs: { x: rows, i: i64([1, 4], 2, 0, 0, 1) },
    },
    {
      domains: ml,
      name: "ArrayFeatureExtractor of a vector",
      nodes: [one("ArrayFeatureExtractor", {}, "x i")],
      inputs: { x: f32([3], 1, 2, 3), i: i64([2], 2, 1) },
    },
    {
      domains: ml,
      name: "OneHotEncoder of integers",
      nodes: [one("OneHotEncoder", { cats_int64s: ints(3, 5, 9) })],
      inputs: { x: i64([2, 2], 5, 3, 4, 9) },
    },
    {
      domains: ml,
      onlyKnown: true,
      name: "OneHotEncoder of strings",
      nodes: [one("OneHotEncoder", { cats_strings: texts("a", "b") })],
      inputs: { x: tensorFromStrings([3], ["b", "c", "a"]) },
    },
  ]);
});

describe("linear models and support vectors, as in ONNX Runtime", () => {
  const outputs = ["y", "z"];
  const three = {
    coefficients: floats(0.5, -1, 2, 1, 1, -0.5, -2, 0.25, 1),
    intercepts: floats(0.1, -0.2, 0.3),
    classlabels_ints: ints(10, 20, 30),
  };
  testAgainstOnnxRuntime([
    {
      domains: ml,
      name: "LinearRegressor",
      nodes: [
        one("LinearRegressor", { coefficients: three.coefficients, intercepts: three.intercepts, targets: int(3) }),
      ],
      inputs: { x: rows },
    },
    ...["NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO"].map((transform): OperatorCase => ({
      domains: ml,
      name: `LinearClassifier of three classes, ${transform}`,
      nodes: [one("LinearClassifier", { ...three, post_transform: text(transform) }, "x", "y z")],
      inputs: { x: rows },
      outputs,
    })),
    {
      domains: ml,
      name: "LinearClassifier with strings for labels",
      nodes: [
        one(
          "LinearClassifier",
          { coefficients: three.coefficients, intercepts: three.intercepts, classlabels_strings: texts("a", "b", "c") },
          "x",
          "y z",
        ),
      ],
      inputs: { x: rows },
      outputs,
    },
    ...["LINEAR", "POLY", "RBF", "SIGMOID"].map((kernel): OperatorCase => ({
      domains: ml,
      name: `SVMRegressor, ${kernel}`,
      nodes: [
        one("SVMRegressor", {
          coefficients: floats(0.5, -1.5),
          support_vectors: floats(1, 0.5, -1, 0, 2, 1),
          kernel_type: text(kernel),
          kernel_params: floats(0.3, 0.5, 3),
          n_supports: int(2),
          rho: floats(0.25),
        }),
      ],
      inputs: { x: rows },
    })),
    {
      domains: ml,
      name: "SVMRegressor without support vectors",
      nodes: [
        one("SVMRegressor", { coefficients: floats(0.5, -1.5, 1), rho: floats(0.25), kernel_params: floats(0, 0, 0) }),
      ],
      inputs: { x: rows },
    },
    {
      domains: ml,
      name: "SVMClassifier of three classes",
      nodes: [
        one(
          "SVMClassifier",
          {
            coefficients: floats(0.5, -1.5, 1, -0.25, 0.75, -1, -0.5, 1.25),
            support_vectors: floats(1, 0.5, -1, 0, 2, 1, -1, 1, 0.5, 0.3, -0.7, 2),
            vectors_per_class: ints(1, 2, 1),
            kernel_type: text("RBF"),
            kernel_params: floats(0.3, 0, 0),
            rho: floats(0.1, -0.2, 0.05),
            classlabels_ints: ints(5, 6, 7),
          },
          "x",
          "y z",
        ),
      ],
      inputs: { x: rows },
      outputs,
    },
  ]);
});

describe("decision trees, as in ONNX Runtime", () => {
  // Two trees: x0 <= 0 ? (x1 < 0.5 ? leaf : leaf) : leaf, and x2 > -0.3 ? leaf : leaf.
  const nodes = {
    nodes_treeids: ints(0, 0, 0, 0, 0, 1, 1, 1),
    nodes_nodeids: ints(0, 1, 2, 3, 4, 0, 1, 2),
    nodes_featureids: ints(0, 1, 0, 0, 0, 2, 0, 0),
    nodes_modes: texts("BRANCH_LEQ", "BRANCH_LT", "LEAF", "LEAF", "LEAF", "BRANCH_GT", "LEAF", "LEAF"),
    nodes_values: floats(0, 0.5, 0, 0, 0, -0.3, 0, 0),
    nodes_truenodeids: ints(1, 3, 0, 0, 0, 1, 0, 0),
    nodes_falsenodeids: ints(2, 4, 0, 0, 0, 2, 0, 0),
    nodes_missing_value_tracks_true: ints(1, 0, 0, 0, 0, 0, 0, 0),
  };
  const x = f32([5, 3], -1, 0.2, 0, -1, 0.7, -1, 1, 0, 0, NaN, 0, 0, 0, 0.5, NaN);
  const leaves = { trees: ints(0, 0, 0, 1, 1), nodes: ints(2, 3, 4, 1, 2) };
  const weights = floats(0.5, -1.5, 2, 0.25, -0.75);
  const regressor = (more: Attributes): Attributes => ({
    ...nodes,
    target_treeids: leaves.trees,
    target_nodeids: leaves.nodes,
    target_ids: ints(0, 0, 0, 0, 0),
    target_weights: weights,
    n_targets: int(1),
    ...more,
  });
  // ONNX Runtime never chooses a class without a vote, ONNX's reference does: with positive votes they agree.
  const positive = floats(0.5, 1.5, 2, 0.25, 0.75);
  const classifier = (more: Attributes): Attributes => ({
    ...nodes,
    class_treeids: leaves.trees,
    class_nodeids: leaves.nodes,
    class_ids: ints(0, 0, 0, 0, 0),
    class_weights: weights,
    classlabels_int64s: ints(3, 8),
    ...more,
  });
  testAgainstOnnxRuntime([
    ...["SUM", "AVERAGE", "MIN", "MAX"].map((aggregate): OperatorCase => ({
      domains: { "ai.onnx.ml": 3 },
      name: `regression by ${aggregate}`,
      nodes: [
        one("TreeEnsembleRegressor", regressor({ aggregate_function: text(aggregate), base_values: floats(0.125) })),
      ],
      inputs: { x },
    })),
    {
      domains: { "ai.onnx.ml": 3 },
      name: "regression of several targets, two votes in a leaf",
      nodes: [
        one(
          "TreeEnsembleRegressor",
          regressor({
            target_treeids: ints(0, 0, 0, 0, 1, 1),
            target_nodeids: ints(2, 2, 3, 4, 1, 2),
            target_ids: ints(0, 1, 1, 2, 0, 2),
            target_weights: floats(0.5, 1, -1.5, 2, 0.25, -0.75),
            n_targets: int(3),
          }),
        ),
      ],
      inputs: { x },
    },
    ...["NONE", "LOGISTIC"].map((transform): OperatorCase => ({
      domains: { "ai.onnx.ml": 3 },
      name: `two classes by the score of one, ${transform}`,
      nodes: [one("TreeEnsembleClassifier", classifier({ post_transform: text(transform) }), "x", "y z")],
      inputs: { x },
      outputs: ["y", "z"],
    })),
    {
      domains: { "ai.onnx.ml": 3 },
      name: "two classes by the probability of one",
      nodes: [
        one("TreeEnsembleClassifier", classifier({ class_weights: floats(0.1, 0.2, 0.3, 0.15, 0.4) }), "x", "y z"),
      ],
      inputs: { x },
      outputs: ["y", "z"],
    },
    ...["NONE", "SOFTMAX", "SOFTMAX_ZERO"].map((transform): OperatorCase => ({
      domains: { "ai.onnx.ml": 3 },
      name: `three classes, ${transform}`,
      nodes: [
        one(
          "TreeEnsembleClassifier",
          classifier({
            class_ids: ints(0, 1, 2, 1, 2),
            class_weights: positive,
            classlabels_int64s: ints(3, 8, 1),
            post_transform: text(transform),
          }),
          "x",
          "y z",
        ),
      ],
      inputs: { x },
      outputs: ["y", "z"],
    })),
    {
      domains: { "ai.onnx.ml": 3 },
      name: "names for labels",
      nodes: [
        one(
          "TreeEnsembleClassifier",
          Object.fromEntries(
            Object.entries(
              classifier({
                class_ids: ints(0, 1, 2, 1, 2),
                class_weights: positive,
                classlabels_strings: texts("a", "b", "c"),
              })!,
            ).filter(([name]) => name !== "classlabels_int64s"),
          ),
          "x",
          "y z",
        ),
      ],
      inputs: { x },
      outputs: ["y", "z"],
    },
  ]);

  test("branches that run in circles are an error of the model", () => {
    const circular: OperatorCase = {
      name: "",
      domains: { "ai.onnx.ml": 3 },
      nodes: [one("TreeEnsembleRegressor", regressor({ nodes_truenodeids: ints(1, 0, 0, 0, 0, 1, 0, 0) }))],
      inputs: { x },
    };
    expect(refusalOf(() => runKnown(circular))).toMatch(/^onnx\/invalid: .*run in circles/);
  });

  test("a tree of a hundred levels", () => {
    const depth = 100;
    const range = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);
    // Node i asks whether x > i; leaf i is where that fails first.
    const inner = range(0, depth);
    const chain: OperatorCase = {
      name: "",
      domains: { "ai.onnx.ml": 3 },
      nodes: [
        one("TreeEnsembleRegressor", {
          nodes_treeids: ints(...Array.from({ length: 2 * depth + 1 }, () => 0)),
          nodes_nodeids: ints(...range(0, 2 * depth + 1)),
          nodes_featureids: ints(...Array.from({ length: 2 * depth + 1 }, () => 0)),
          nodes_modes: texts(...inner.map(() => "BRANCH_GT"), ...range(0, depth + 1).map(() => "LEAF")),
          nodes_values: floats(...inner, ...range(0, depth + 1).map(() => 0)),
          nodes_truenodeids: ints(...range(1, depth - 1), 2 * depth, ...range(0, depth + 1).map(() => 0)),
          nodes_falsenodeids: ints(...range(depth, depth), ...range(0, depth + 1).map(() => 0)),
          target_treeids: ints(...range(0, depth + 1).map(() => 0)),
          target_nodeids: ints(...range(depth, depth + 1)),
          target_ids: ints(...range(0, depth + 1).map(() => 0)),
          target_weights: floats(...range(0, depth + 1)),
          n_targets: int(1),
        }),
      ],
      inputs: { x: tensorFromNumbers("f32", [3, 1], [-1, 41.5, 1000]) },
    };
    expect([...(runKnown(chain)[0]!.data as Float32Array)]).toEqual([0, 42, 100]);
  });
});
