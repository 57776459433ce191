import { expect, test } from "vitest";
import { registry } from "../../../../src/ir/dialects/index.ts";
import { parseModule } from "../../../../src/ir/text/parse.ts";
import { interpretFunction } from "../../../../src/interpreter/interpret.ts";
import { CompileError } from "../../../../src/support/diagnostic.ts";

test("an operation that nothing runs is an error with its place", () => {
  const text = `func.func @f(%a: tensor<2xf32>) -> tensor<2xf32> {
  %0 = tosa.abs %a : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}`;
  const module = parseModule(text, { file: "abs.mlir", registry });
  const operand = { elementType: "f32", shape: [2], data: Float32Array.of(-1, 2) } as const;
  try {
    interpretFunction(module, "f", [operand]);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(CompileError);
    const [diagnostic] = (error as CompileError).diagnostics;
    expect(diagnostic).toMatchObject({
      code: "interpreter/no-rule",
      message: 'the interpreter has no rule for operation "tosa.abs"',
      location: { kind: "file", file: "abs.mlir", line: 2 },
    });
  }
});
