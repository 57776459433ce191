import { describe, expect, test } from "vitest";
import { CheckFailure, checkOutput } from "./check-output.ts";

const passes = (output: string, checks: string): void => expect(() => checkOutput(output, checks)).not.toThrow();
const fails = (output: string, checks: string): void => expect(() => checkOutput(output, checks)).toThrow(CheckFailure);

describe("the order of lines", () => {
  test("CHECK looks ahead, never back", () => {
    passes("a\nb\nc", "// CHECK: a\n// CHECK: c");
    fails("a\nb\nc", "// CHECK: c\n// CHECK: a");
  });
  test("CHECK-NEXT is the next line, CHECK-SAME the rest of this one", () => {
    passes("a x\nb", "// CHECK: a\n// CHECK-SAME: x\n// CHECK-NEXT: b");
    fails("a\n\nb", "// CHECK: a\n// CHECK-NEXT: b");
    fails("a\nx", "// CHECK: a\n// CHECK-SAME: x");
    passes("a\n\nb", "// CHECK: a\n// CHECK-EMPTY:\n// CHECK-NEXT: b");
  });
  test("CHECK-NOT holds between its neighbours, or to the end", () => {
    passes("a\nb\nc", "// CHECK: a\n// CHECK-NOT: c\n// CHECK: b");
    fails("a\nb\nc", "// CHECK: a\n// CHECK-NOT: b\n// CHECK: c");
    fails("a\nb", "// CHECK: a\n// CHECK-NOT: b");
  });
  test("CHECK-DAG in any order, each its own place", () => {
    passes("b 1\na 1\nc", "// CHECK-DAG: a\n// CHECK-DAG: b\n// CHECK: c");
    fails("a\nc", "// CHECK-DAG: a\n// CHECK-DAG: a\n// CHECK: c");
  });
  test("CHECK-COUNT matches so often", () => {
    passes("x\nx\nx\ny", "// CHECK-COUNT-3: x\n// CHECK: y");
    fails("x\nx\ny", "// CHECK-COUNT-3: x\n// CHECK: y");
  });
  test("CHECK-LABEL divides the output", () => {
    passes("f1\na\nf2\nb", "// CHECK-LABEL: f1\n// CHECK: a\n// CHECK-LABEL: f2\n// CHECK: b");
    fails("f1\nf2\na", "// CHECK-LABEL: f1\n// CHECK: a\n// CHECK-LABEL: f2");
  });
});

describe("patterns", () => {
  test("expressions and blanks", () => {
    passes("x   =  12", "// CHECK: x = {{[0-9]+}}");
    fails("x = y", "// CHECK: x = {{[0-9]+}}");
    passes("f(a.b)", "// CHECK: f(a.b)");
    fails("f(axb)", "// CHECK: f(a.b)");
  });
  test("variables", () => {
    passes("%1 = a\nb %1", "// CHECK: %[[X:.*]] = a\n// CHECK: b %[[X]]");
    fails("%1 = a\nb %2", "// CHECK: %[[X:.*]] = a\n// CHECK: b %[[X]]");
    passes("a 1 1", "// CHECK: a [[X:[0-9]]] [[X]]");
    passes("l\nx\nl", "// CHECK: [[X:l]]\n// CHECK-LABEL: x\n// CHECK: [[X]]");
    fails("a", "// CHECK: [[UNKNOWN]]");
  });
  test("a file without a directive is an error, and so is an unknown directive", () => {
    fails("a", "nothing to see");
    expect(() => checkOutput("a", "// CHECK-FOO: a")).toThrow("unknown directive");
  });
});
