import { describe, expect, test } from "vitest";
import { tensorFromStrings } from "../../../src/support/numeric/host-tensor.ts";
import {
  f32,
  float,
  floats,
  i64,
  int,
  ints,
  node,
  tensor,
  text,
  texts,
} from "../../frontends/onnx/support/model-writer.ts";
import { checkCase, ml, refusalOf, runKnown, runUnknown, testAgainstOnnxRuntime } from "./support/operator-case.ts";

const onlyKnown = true;
const words = tensorFromStrings([5], ["the", "Cat", "sat", "on", "THE"]);

describe("strings, as in ONNX Runtime", () => {
  testAgainstOnnxRuntime([
    {
      onlyKnown,
      name: "StringConcat broadcasts",
      nodes: [node("StringConcat", "a b", "y")],
      inputs: { a: tensorFromStrings([2, 1], ["x", "y"]), b: tensorFromStrings([3], ["1", "", "ü"]) },
    },
    {
      onlyKnown,
      name: "StringSplit by white space",
      nodes: [node("StringSplit", "x", "y n")],
      inputs: { x: tensorFromStrings([2, 2], ["  a b  c ", "", " ", "d"]) },
      outputs: ["y", "n"],
    },
    {
      onlyKnown,
      name: "StringSplit by a delimiter, at most twice",
      nodes: [node("StringSplit", "x", "y n", { delimiter: text(","), maxsplit: int(2) })],
      inputs: { x: tensorFromStrings([3], ["a,b,c,d", ",,", "a"]) },
      outputs: ["y", "n"],
    },
    {
      onlyKnown,
      name: "StringNormalizer drops words in any case",
      nodes: [
        node("StringNormalizer", "x", "y", {
          locale: text("C"),
          stopwords: texts("the", "on"),
          case_change_action: text("UPPER"),
        }),
      ],
      inputs: { x: words },
    },
    {
      onlyKnown,
      name: "StringNormalizer drops words as they are written",
      nodes: [
        node("StringNormalizer", "x", "y", { locale: text("C"), stopwords: texts("the"), is_case_sensitive: int(1) }),
      ],
      inputs: { x: words },
    },
    {
      onlyKnown,
      name: "StringNormalizer drops everything",
      nodes: [node("StringNormalizer", "x", "y", { locale: text("C"), stopwords: texts("a") })],
      inputs: { x: tensorFromStrings([1, 2], ["a", "A"]) },
    },
    {
      onlyKnown,
      name: "RegexFullMatch",
      nodes: [node("RegexFullMatch", "x", "y", { pattern: text("[a-z]+@[a-z]+\\.(com|org)") })],
      inputs: { x: tensorFromStrings([3], ["a@b.com", "a@b.net", "xa@b.com "]) },
    },
  ]);

  test("strings that are not known are refused", () => {
    const unknown = { name: "", nodes: [node("StringConcat", "a a", "y")], inputs: { a: words } };
    expect(refusalOf(() => runUnknown(unknown))).toMatch(/^onnx\/unsupported: .*X must be known at compile time/);
  });
  test("a pattern that RE2 does not have is an error of the model", () => {
    const wrong = {
      name: "",
      nodes: [node("RegexFullMatch", "a", "y", { pattern: text("(a)\\1") })],
      inputs: { a: words },
    };
    expect(refusalOf(() => runKnown(wrong))).toMatch(/^onnx\/invalid: .*refers back to a group/);
  });
});

describe("TfIdfVectorizer, as in ONNX Runtime", () => {
  const counts = {
    ngram_counts: ints(0, 4),
    ngram_indexes: ints(6, 5, 4, 3, 2, 1, 0),
    min_gram_length: int(1),
    max_gram_length: int(2),
    max_skip_count: int(1),
  };
  const pool = { ...counts, pool_int64s: ints(2, 3, 5, 4, 5, 6, 7, 8, 6, 7) };
  const x = i64([2, 6], 1, 1, 3, 3, 3, 7, 8, 6, 7, 5, 6, 8);
  const weights = floats(0.5, 1, 2, 3, 4, 5, 6);
  testAgainstOnnxRuntime([
    ...["TF", "IDF", "TFIDF"].map((mode) => ({
      name: mode,
      nodes: [node("TfIdfVectorizer", "x", "y", { ...pool, mode: text(mode), weights })],
      inputs: { x },
    })),
    {
      name: "a vector, two grams for one place",
      nodes: [
        node("TfIdfVectorizer", "x", "y", {
          ...pool,
          ngram_indexes: ints(0, 1, 2, 3, 0, 1, 2),
          mode: text("TF"),
          min_gram_length: int(2),
        }),
      ],
      inputs: { x: i64([7], 5, 6, 7, 8, 6, 7, 9) },
    },
    {
      onlyKnown,
      name: "strings",
      nodes: [
        node("TfIdfVectorizer", "x", "y", {
          ...counts,
          pool_strings: texts("a", "b", "c", "d", "b", "c", "d", "e", "c", "d"),
          mode: text("TF"),
        }),
      ],
      inputs: { x: tensorFromStrings([5], ["a", "b", "c", "d", "e"]) },
    },
  ]);
});

describe("LabelEncoder, as in ONNX Runtime", () => {
  const domain = { domain: "ai.onnx.ml" };
  testAgainstOnnxRuntime([
    {
      domains: ml,
      name: "integers to floats",
      nodes: [
        node(
          "LabelEncoder",
          "x",
          "y",
          { keys_int64s: ints(1, 5, 7), values_floats: floats(0.5, 2, 3), default_float: float(-1) },
          domain,
        ),
      ],
      inputs: { x: i64([2, 2], 5, 1, 2, 7) },
    },
    {
      domains: ml,
      onlyKnown,
      name: "strings to integers",
      nodes: [node("LabelEncoder", "x", "y", { keys_strings: texts("the", "sat"), values_int64s: ints(4, 9) }, domain)],
      inputs: { x: words },
    },
    {
      domains: ml,
      onlyKnown,
      name: "floats to strings, NaN among them",
      nodes: [
        node("LabelEncoder", "x", "y", { keys_floats: floats(NaN, 2), values_strings: texts("none", "two") }, domain),
      ],
      inputs: { x: f32([3], 2, NaN, 7) },
    },
  ]);
  test("a repeated key, and tensors as tables", () => {
    checkCase(
      {
        name: "",
        domains: ml,
        nodes: [
          node("LabelEncoder", "x", "y", { keys_tensor: tensor(i64([3], 1, 2, 1)), values_tensor: tensor(f32([3], 10, 20, 30)), default_tensor: tensor(f32([1], 5)) }, domain), // prettier-ignore
        ],
        inputs: { x: i64([3], 1, 2, 3) },
      },
      [{ shape: [3], values: [30, 20, 5] }],
    );
  });
});
