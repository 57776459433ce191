import { expect, test } from "vitest";
import { registry } from "../../../src/ir/dialects/index.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { printModule } from "../../../src/ir/text/print.ts";
import { verifyModule } from "../../../src/ir/verifier.ts";

const text = `module {
  func.func @f(%arg0: memref<4x2xf32>) {
    device.transfer %arg0 to "host" : memref<4x2xf32>
    device.transfer %arg0 to "device" {weft.note} : memref<4x2xf32>
    return
  }
}
`;
const parse = (source: string) => parseModule(source, { file: "device.mlir", registry });

test("device.transfer is read and printed in both forms", () => {
  const module = parse(text);
  expect(verifyModule(module, registry)).toEqual([]);
  expect(printModule(module, registry, {})).toBe(text);
  expect(printModule(parse(printModule(module, registry, { generic: true })), registry, {})).toBe(text);
});

test("a transfer goes to the host or to the device", () => {
  const [finding] = verifyModule(parse(text.replace('"host"', '"moon"')), registry);
  expect(finding?.message).toContain('"host" or "device"');
});
