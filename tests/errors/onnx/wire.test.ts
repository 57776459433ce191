import fc from "fast-check";
import { globSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadOnnxModel, loadOnnxModelFromBytes } from "../../../src/frontends/onnx/load.ts";
import { readTensorFile } from "../../../src/frontends/onnx/tensor-file.ts";
import { CompileError } from "../../../src/support/diagnostic.ts";
import { f32, initializer, node, value, writeModel } from "../../frontends/onnx/support/model-writer.ts";
import { codesAndPlaces, refusal, refusalOf } from "./support/refusal.ts";

const good = writeModel({
  opset: 13,
  graph: {
    input: [value("x", "f32", [2])],
    output: [value("y", "f32", [2])],
    initializer: [initializer("w", f32([2], 1, 2))],
    node: [node("Add", "x w", "y")],
  },
});

/** A field with a length prefix that claims `length` bytes. */
function lengthDelimited(field: number, length: number, content: Uint8Array = new Uint8Array(0)): Uint8Array {
  const prefix: number[] = [];
  for (let rest = length; ; rest = Math.floor(rest / 128)) {
    prefix.push((rest % 128) + (rest >= 128 ? 128 : 0));
    if (rest < 128) break;
  }
  return Uint8Array.from([...varint(field * 8 + 2), ...prefix, ...content]);
}
function varint(value: number): readonly number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) + (rest >= 128 ? 128 : 0));
    if (rest < 128) return bytes;
  }
}
const message = (field: number, content: Uint8Array): Uint8Array => lengthDelimited(field, content.length, content);
const irVersion = Uint8Array.from([8, 8]);
const join2 = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

describe("truncated files", () => {
  test("every prefix of a model is refused or lacks something", () => {
    for (let length = 0; length < good.length; length++) {
      const [first] = refusalOf(good.subarray(0, length));
      expect(first!.code, `${length} bytes`).toMatch(/^onnx\//);
      expect(first!.help).toBeDefined();
    }
  });
  test("the place is the field and the byte", () => {
    const [first] = refusalOf(good.subarray(0, good.length - 4));
    expect(first!.code).toBe("onnx/wire-length");
    expect(first!.message).toMatch(/^ModelProto\.\w+ at byte \d+ claims \d+ bytes, but only \d+ are left around it$/);
  });
  test("an empty file is no model", () => {
    expect(codesAndPlaces(refusalOf(new Uint8Array(0)))).toEqual(["onnx/not-a-model @ bad.onnx"]);
  });
  test("a file of another format", () => {
    expect(refusalOf(new TextEncoder().encode("<!DOCTYPE html><html></html>"))[0]!.code).toMatch(/^onnx\/wire-/);
  });
});

describe("lies in the wire format", () => {
  test("a length prefix of 2 GB", () => {
    const bytes = join2(irVersion, lengthDelimited(7, 2 ** 31));
    expect(codesAndPlaces(refusalOf(bytes))).toEqual(["onnx/wire-length @ bad.onnx: ModelProto.graph"]);
  });
  test("a length prefix of 2 GB of packed numbers", () => {
    const dims = lengthDelimited(1, 2 ** 31 - 1, Uint8Array.from([1, 1]));
    const bytes = join2(irVersion, message(7, message(5, dims)));
    expect(codesAndPlaces(refusalOf(bytes))).toEqual([
      "onnx/wire-length @ bad.onnx: ModelProto.graph.initializer.dims",
    ]);
  });
  test("an inner message longer than the outer one", () => {
    const bytes = join2(irVersion, message(7, lengthDelimited(1, 100)), new Uint8Array(200));
    expect(codesAndPlaces(refusalOf(bytes))).toEqual(["onnx/wire-length @ bad.onnx: ModelProto.graph.node"]);
  });
  test("a number where a message belongs", () => {
    const bytes = join2(irVersion, Uint8Array.from([7 * 8, 1]));
    const diagnostics = refusalOf(bytes);
    expect(codesAndPlaces(diagnostics)).toEqual(["onnx/wire-type @ bad.onnx: ModelProto.graph"]);
    expect(diagnostics[0]!.message).toBe("ModelProto.graph at byte 2 is stored as varint; ONNX stores it as bytes");
  });
  test("a string where a number belongs", () => {
    const bytes = message(1, new TextEncoder().encode("eight"));
    expect(codesAndPlaces(refusalOf(bytes))).toEqual(["onnx/wire-type @ bad.onnx: ModelProto.ir_version"]);
  });
  test("a number without end", () => {
    const bytes = Uint8Array.from([8, ...Array.from({ length: 11 }, () => 0xff)]);
    expect(codesAndPlaces(refusalOf(bytes))).toEqual(["onnx/wire-varint @ bad.onnx: ModelProto.ir_version"]);
  });
  test("field number 0 and groups", () => {
    for (const tag of [0, 7 * 8 + 3, 7 * 8 + 4, 7 * 8 + 6]) {
      expect(codesAndPlaces(refusalOf(Uint8Array.from([tag, 0])))).toEqual(["onnx/wire-tag @ bad.onnx: ModelProto"]);
    }
  });
  test("messages nested without measure", () => {
    let type = new Uint8Array(0);
    // Sequences of sequences: TypeProto.sequence_type.elem_type.
    for (let depth = 0; depth < 5000; depth++) type = new Uint8Array(message(4, message(1, type)));
    const bytes = join2(irVersion, message(7, message(11, message(2, type))));
    const [first] = refusalOf(bytes);
    expect(first!.code).toBe("onnx/wire-depth");
    expect(first!.message).toContain("deeper than 100 levels");
  }, 20_000);
  test("a small file of very many messages is refused before it takes the memory", () => {
    // Two bytes for each of eight million empty nodes.
    const nodes = new Uint8Array(2 * 8_000_000);
    for (let at = 0; at < nodes.length; at += 2) nodes[at] = 1 * 8 + 2;
    const graph = new Uint8Array(nodes.length + 16);
    const header = lengthDelimited(7, nodes.length);
    graph.set(header);
    graph.set(nodes, header.length);
    expect(codesAndPlaces(refusalOf(graph.subarray(0, header.length + nodes.length)))).toEqual([
      "onnx/wire-memory @ bad.onnx: ModelProto.graph.node",
    ]);
  });
});

describe("versions", () => {
  const withVersions = (irVersion: number, opset: number) =>
    writeModel({
      irVersion,
      opset,
      graph: { input: [value("x", "f32", [1])], output: [value("y", "f32", [1])], node: [node("Neg", "x", "y")] },
    });
  test.each([0, 15, 2 ** 40])("IR version %d", (version) => {
    expect(codesAndPlaces(refusalOf(withVersions(version, 13)))).toEqual(["onnx/ir-version @ bad.onnx"]);
  });
  test.each([0, 28, 2 ** 40])("operator set %d", (opset) => {
    const diagnostics = refusalOf(withVersions(8, opset));
    expect(diagnostics[0]!.code).toBe("onnx/opset-range");
    expect(diagnostics[0]!.message).toContain("the supported range is 1–27");
  });
});

describe("files", () => {
  const folder = mkdtempSync(join(tmpdir(), "weft-files-"));
  test("that do not exist, or are folders", () => {
    expect(refusal(() => loadOnnxModel(join(folder, "none.onnx")))[0]!.code).toBe("onnx/file-unreadable");
    expect(refusal(() => loadOnnxModel(folder))[0]!.code).toBe("onnx/file-unreadable");
  });
  test("that are models load", () => {
    const path = join(folder, "good.onnx");
    writeFileSync(path, good);
    expect(loadOnnxModel(path).graph.nodes).toHaveLength(1);
  });
});

/** Anything but a diagnostic or success fails the property. */
function survives(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    for (const { code, help } of error.diagnostics) expect(code + String(help)).toMatch(/^onnx\/[a-z-]+\w/);
  }
}

describe("arbitrary damage gives diagnostics, never anything else", () => {
  const shared = process.env["WEFT_SHARED"] ?? "../shared";
  const seeds = [
    good,
    ...[
      "test_loop16_seq_none",
      "test_if_seq",
      "test_scan9_sum",
      "test_sequence_insert_at_front",
      "test_scan_sum",
      "test_split_zero_size_splits_opset18",
    ].map((name) => readFileSync(globSync(join(shared, "onnx-backend-tests", "*", name, "model.onnx"))[0]!)),
  ];
  const load = (bytes: Uint8Array) => loadOnnxModelFromBytes(bytes, { file: "bad.onnx", folder: undefined });

  test("random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => survives(() => load(bytes))),
      { numRuns: 2000 },
    );
  });
  test("changed, removed and inserted bytes of models", () => {
    const edit = fc.record({
      at: fc.nat({ max: 2 ** 20 }),
      remove: fc.nat({ max: 3 }),
      insert: fc.uint8Array({ maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 4 }), (seed, edits) => {
        const bytes = [...seed];
        for (const { at, remove, insert } of edits) bytes.splice(at % bytes.length, remove, ...insert);
        survives(() => load(Uint8Array.from(bytes)));
      }),
      { numRuns: 3000 },
    );
  });
  test("random bytes as values", () => {
    const tensor = { kind: "tensor", elementType: "f32", shape: undefined } as const;
    const types = [tensor, { kind: "sequence", element: tensor }, { kind: "optional", element: tensor }] as const;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(...types), (bytes, type) =>
        survives(() => readTensorFile(bytes, type)),
      ),
      { numRuns: 2000 },
    );
  });
});
