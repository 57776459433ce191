import { describe, expect, test } from "vitest";
import { registry } from "../../../../src/ir/dialects/index.ts";
import { namedOperations } from "../../../../src/ir/dialects/linalg/named-operations.ts";
import { parseModule } from "../../../../src/ir/text/parse.ts";
import { printModule } from "../../../../src/ir/text/print.ts";
import { verifyModule } from "../../../../src/ir/verifier.ts";
import { CompileError } from "../../../../src/support/diagnostic.ts";
import { upstreamPrints } from "../../../../src/testing/upstream.ts";
import { namedProgram, type Variant } from "./named-programs.ts";

const options = { file: "program.mlir", registry, allowUnregisteredDialects: true };
const genericForm = ["--mlir-print-op-generic"];

/** The generic form and the pretty form of a text; undefined where it is refused. */
function readAndPrint(text: string): { readonly generic: string; readonly pretty: string } | undefined {
  try {
    const module = parseModule(text, options);
    if (verifyModule(module, registry).length > 0) return undefined;
    return { generic: printModule(module, registry, { generic: true }), pretty: printModule(module, registry, {}) };
  } catch (error) {
    if (error instanceof CompileError) return undefined;
    throw error;
  }
}

/** Holds what Weft makes of texts against what upstream does: those that both accept, and those that both refuse. */
function compare(texts: readonly string[]): { readonly accepted: number; readonly refused: number } {
  const read = texts.map((text) => ({ text, ours: readAndPrint(text) }));
  const accepted = read.filter(({ ours }) => ours !== undefined);
  const answers = upstreamPrints(
    accepted.map(({ text }) => text),
    genericForm,
  );
  accepted.forEach(({ text, ours }, index) => {
    const answer = answers[index]!;
    expect(answer.kind === "printed" ? answer.text : answer.message, text).toBe(ours!.generic);
  });
  // What is printed is what upstream prints, so upstream reads it back.
  upstreamPrints(
    accepted.map(({ text }) => text),
    [],
  ).forEach((answer, index) =>
    expect(answer.kind === "printed" ? answer.text : answer.message).toBe(accepted[index]!.ours!.pretty),
  );
  const refused = read.filter(({ ours }) => ours === undefined);
  // Each refusal takes a process of its own, so some must do.
  for (const { text } of refused.filter((_, index) => index % 5 === 0))
    expect(upstreamPrints([text], genericForm)[0]!.kind, text).toBe("refused");
  return { accepted: accepted.length, refused: refused.length };
}

const names = Object.keys(namedOperations);

describe("named operations are read as upstream reads them", () => {
  test.each<[string, Variant["elements"]]>([
    ["floats", { input: "f32", output: "f32" }],
    ["halves into floats", { input: "f16", output: "f32" }],
    ["floats into halves", { input: "f32", output: "bf16" }],
    ["bytes into integers", { input: "i8", output: "i32" }],
    ["integers", { input: "i32", output: "i32" }],
    ["integers into floats", { input: "i16", output: "f32" }],
    ["floats into integers", { input: "f32", output: "i32" }],
    ["booleans", { input: "i1", output: "i1" }],
    ["booleans into integers", { input: "i1", output: "i32" }],
    ["complex numbers", { input: "complex<f32>", output: "complex<f32>" }],
    ["floats into complex numbers", { input: "f32", output: "complex<f64>" }],
    ["integers into complex numbers", { input: "i8", output: "complex<f32>" }],
    ["complex numbers into narrower ones", { input: "complex<f64>", output: "complex<f32>" }],
  ])("on %s", (_, elements) => {
    const { accepted } = compare(names.map((name) => namedProgram(name, { elements, kind: "tensor" })));
    expect(accepted).toBeGreaterThan(0);
  });

  test("all of them, on tensors and on buffers", () => {
    const programs = (kind: "tensor" | "memref"): readonly string[] =>
      names.map((name) => {
        const type = name.endsWith("unsigned") ? "i32" : "f32";
        return namedProgram(name, { elements: { input: type, output: type }, kind });
      });
    expect(compare([...programs("tensor"), ...programs("memref")])).toEqual({ accepted: 2 * names.length, refused: 0 });
  });

  test("with strides and dilations", () => {
    const texts = names.flatMap((name) => {
      const { window } = namedOperations[name]!;
      if (window === 0) return [];
      const element = name.endsWith("unsigned") ? "i8" : "f32";
      const elements = { input: element, output: element };
      const [strides, dilations] = [[2, 3, 1].slice(0, window), [1, 2, 3].slice(0, window)];
      return [
        namedProgram(name, { elements, strides, dilations, kind: "tensor" }),
        namedProgram(name, { elements, strides, kind: "memref" }),
      ];
    });
    expect(compare(texts)).toEqual({ accepted: texts.length, refused: 0 });
  });

  test("with signed and unsigned casts", () => {
    const texts = names
      .filter((name) => namedOperations[name]!.hasCast)
      .flatMap((name) =>
        ["cast_signed", "cast_unsigned"].map((cast) =>
          namedProgram(name, {
            elements: { input: "i8", output: "i32" },
            attributes: `cast = #linalg.type_fn<${cast}>`,
            kind: "tensor",
          }),
        ),
      );
    expect(compare(texts)).toEqual({ accepted: texts.length, refused: 0 });
  });
});
