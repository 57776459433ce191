import { mkdirSync, mkdtempSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadOnnxModel } from "../../../src/frontends/onnx/load.ts";
import { TensorProto_DataLocation, TensorProto_DataType } from "../../../src/frontends/onnx/protobuf/onnx_pb.ts";
import { writeModel } from "../../frontends/onnx/support/model-writer.ts";
import { codesAndPlaces, refusalOf } from "./support/refusal.ts";

const root = mkdtempSync(join(tmpdir(), "weft-external-"));
const folder = join(root, "model");
mkdirSync(join(folder, "inner"), { recursive: true });
const four = new Uint8Array(new Float32Array([1, 2]).buffer);
writeFileSync(join(root, "secret.bin"), four);
writeFileSync(join(folder, "weights.bin"), four);
symlinkSync(join(root, "secret.bin"), join(folder, "link.bin"));
symlinkSync(root, join(folder, "up"));
symlinkSync(join(folder, "weights.bin"), join(folder, "inner", "ok.bin"));
writeFileSync(join(folder, "sparse.bin"), "");
truncateSync(join(folder, "sparse.bin"), 2 ** 40);

/** A model with one tensor of `size` floats whose data is outside. */
const model = (entries: Readonly<Record<string, string>>, size = 2): Uint8Array =>
  writeModel({
    opset: 13,
    graph: {
      initializer: [
        {
          name: "w",
          dataType: TensorProto_DataType.FLOAT,
          dims: [BigInt(size)],
          dataLocation: TensorProto_DataLocation.EXTERNAL,
          externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
        },
      ],
    },
  });

describe("external data is refused", () => {
  test.each<readonly [string, Readonly<Record<string, string>>, string, string]>([
    [
      "above the model's folder",
      { location: "../secret.bin" },
      "external-location",
      "the path leaves the model's folder",
    ],
    [
      "through a folder and out",
      { location: "inner/../../secret.bin" },
      "external-location",
      "leaves the model's folder",
    ],
    ["with backslashes", { location: "inner\\..\\..\\secret.bin" }, "external-location", "leaves the model's folder"],
    ["at an absolute path", { location: join(root, "secret.bin") }, "external-location", "the path is absolute"],
    ["on a drive", { location: "C:\\secret.bin" }, "external-location", "the path is absolute"],
    ["through a symbolic link", { location: "link.bin" }, "external-location", "symbolic link leads out"],
    ["through a link to a folder", { location: "up/secret.bin" }, "external-location", "symbolic link leads out"],
    ["that is missing", { location: "none.bin" }, "external-location", "there is no such file"],
    ["that is a folder", { location: "inner" }, "external-location", "not a regular file"],
    ["without a location", {}, "external-location", "the location is missing"],
    ["with a NUL in the path", { location: "weights.bin\0" }, "external-location", "NUL character"],
    ["with a negative offset", { location: "weights.bin", offset: "-1" }, "external-field", "no byte count"],
    ["with an offset that is no number", { location: "weights.bin", offset: "1e3" }, "external-field", "no byte count"],
    [
      "beyond the file's end",
      { location: "weights.bin", offset: "4", length: "8" },
      "external-too-short",
      "which has 8 bytes",
    ],
    ["from beyond the file's end", { location: "weights.bin", offset: "9" }, "external-too-short", "which has 8 bytes"],
    [
      "of another length than the tensor's",
      { location: "weights.bin", length: "4" },
      "external-location",
      "it has 4 bytes",
    ],
    ["of a huge file read whole", { location: "sparse.bin" }, "external-location", "but the tensor has 8"],
  ])("%s", (_, entries, code, text) => {
    const diagnostics = refusalOf(model(entries), folder);
    expect(codesAndPlaces(diagnostics)).toEqual([`onnx/${code} @ bad.onnx: graph.w`]);
    expect(diagnostics[0]!.message).toContain(text);
  });
  test("of more bytes than can be held", () => {
    const diagnostics = refusalOf(model({ location: "sparse.bin" }, 2 ** 38), folder);
    expect(codesAndPlaces(diagnostics)).toEqual(["onnx/external-location @ bad.onnx: graph.w"]);
  });
  test("in a model that comes from no folder", () => {
    const diagnostics = refusalOf(model({ location: "weights.bin" }));
    expect(codesAndPlaces(diagnostics)).toEqual(["onnx/external-refused @ bad.onnx: graph.w"]);
  });
});

test("a link that stays inside the folder is followed", () => {
  const path = join(folder, "model.onnx");
  writeFileSync(path, model({ location: "inner/ok.bin" }));
  expect(loadOnnxModel(path).graph.initializers.get("w")!.data).toEqual(new Float32Array([1, 2]));
});
