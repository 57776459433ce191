import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import { openSession, placeOf } from "./session.ts";

const text = `#id = affine_map<(d0) -> (d0)>
// @f in a comment is no use
func.func @f(%x: f32) -> f32 {
  %c = arith.constant 1.0 : f32
  %y = arith.addf %x, %c : f32
  %z:2 = "test.two"(%y) {map = #id} : (f32) -> (f32, i32)
  cf.br ^end(%z#0 : f32)
^end(%r: f32):
  return %r : f32
}
func.func @g(%x: f32) -> f32 {
  %y = call @f(%x) : (f32) -> f32
  return %y : f32
}
`;
interface Range {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}
/** The text of ranges, with their lines, one-based as editors show them. */
const spell = (places: readonly { readonly range: Range }[]): readonly string[] =>
  places.map(({ range: { start, end } }) => {
    const line = text.split("\n")[start.line]!;
    return `${start.line + 1}: ${line.slice(start.character, end.character)}`;
  });

describe("the language server", () => {
  let session: Awaited<ReturnType<typeof openSession>>;
  beforeEach(async () => {
    session = await openSession();
  });
  afterEach(() => session.close());

  test("tells what is wrong, and that it is right again, as one types", async () => {
    await session.open(text.replace("%x, %c", "%x, %d"));
    expect(await session.diagnostics()).toMatchObject([
      { code: "text/unknown-value", range: { start: { line: 4, character: 22 }, end: { line: 4, character: 24 } } },
    ]);
    await session.change(text);
    expect(await session.diagnostics()).toEqual([]);
    await session.change(text.replace("1.0 : f32", "1 : i32"));
    expect((await session.diagnostics()).length).toBeGreaterThanOrEqual(1);
  });

  test("verifies what can be parsed", async () => {
    await session.open("func.func @f(%x: i32) {\n  return %x : i32\n}\n");
    const [diagnostic] = await session.diagnostics();
    expect(diagnostic).toMatchObject({ range: { start: { line: 1, character: 2 } } });
  });

  test("shows types, summaries and symbols on hover", async () => {
    await session.open(text);
    const hover = async (needle: string, shift: number) => {
      const position = placeOf(text, needle, shift);
      const found = await session.request<{ contents: { value: string } } | null>("textDocument/hover", { position });
      return found?.contents.value;
    };
    expect(await hover("%y = arith", 1)).toContain("%y : f32");
    expect(await hover("%y = arith", 1)).toContain("arith.addf");
    expect(await hover("arith.addf", 3)).toContain("floating-point addition");
    expect(await hover("%z#0", 1)).toContain("f32");
    expect(await hover("call @f", 6)).toContain("func.func @f(%x: f32) -> f32");
    expect(await hover("#id}", 1)).toContain("affine_map<(d0) -> (d0)>");
    expect(await hover("return", 8)).toContain("%r : f32");
    expect(await hover("// @f", 0)).toBeUndefined();
  });

  test("goes to definitions", async () => {
    await session.open(text);
    const definition = async (needle: string, shift: number) => {
      const position = placeOf(text, needle, shift);
      return spell(await session.request("textDocument/definition", { position }));
    };
    expect(await definition("%x, %c", 1)).toEqual(["3: %x"]);
    expect(await definition("%x) : (f32)", 1)).toEqual(["11: %x"]);
    expect(await definition("^end(%z", 1)).toEqual(["8: ^end"]);
    expect(await definition("@f(%x) :", 1)).toEqual(["3: @f"]);
    expect(await definition("#id}", 1)).toEqual(["1: #id"]);
  });

  test("finds uses", async () => {
    await session.open(text);
    const uses = async (needle: string, shift: number) => {
      const position = placeOf(text, needle, shift);
      const context = { includeDeclaration: true };
      return spell(await session.request("textDocument/references", { position, context }));
    };
    expect(await uses("%y = arith", 1)).toEqual(["5: %y", "6: %y"]);
    expect(await uses("@f(%x: f32)", 1)).toEqual(["3: @f", "12: @f"]);
    expect(await uses("^end(%r", 1)).toEqual(["8: ^end", "7: ^end"]);
  });

  test("completes operations, values and symbols", async () => {
    await session.open(text);
    await session.diagnostics();
    const complete = async (typed: string, before: string) => {
      const changed = text.replace(before, `${typed}\n${before}`);
      await session.change(changed);
      const position = placeOf(changed, typed, typed.length);
      const found = await session.request<readonly { label: string }[]>("textDocument/completion", { position });
      return found.map(({ label }) => label);
    };
    const operations = await complete("  %n = arith.m", "  cf.br");
    expect(operations).toContain("arith.mulf");
    expect(operations).toContain("linalg.generic");
    const values = await complete('  "test.use"(%', "  cf.br");
    expect(values).toEqual(expect.arrayContaining(["%x", "%c", "%y"]));
    expect(await complete("  call @", "  cf.br")).toEqual(expect.arrayContaining(["@f", "@g"]));
  });

  test("lists a text's symbols and formats it", async () => {
    await session.open(text.replaceAll("\n  ", "\n"));
    const symbols = await session.request<readonly { name: string }[]>("textDocument/documentSymbol");
    expect(symbols.map(({ name }) => name)).toEqual(["@f", "@g"]);
    const edits = await session.request<readonly { newText: string }[]>("textDocument/formatting", {
      options: { tabSize: 2, insertSpaces: true },
    });
    expect(edits.map(({ newText }) => newText)).toEqual([text]);
  });

  test("survives texts that are no MLIR at all", async () => {
    for (const junk of ["\u0000\u0001", "}".repeat(500), "(".repeat(10_000), '"', "%a = ", "#x = #x", "^:", "@"]) {
      await session.open(junk);
      const position = { line: 0, character: Math.min(3, junk.length) };
      for (const method of ["hover", "definition", "completion", "documentHighlight"])
        await session.request(`textDocument/${method}`, { position });
      await session.request("textDocument/formatting", { options: { tabSize: 2, insertSpaces: true } });
    }
  });
});

test("`weft lsp` talks over standard input and output", async () => {
  const server = spawn(process.execPath, [join(import.meta.dirname, "../../src/cli/main.ts"), "lsp", "--stdio"]);
  const client = createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  client.listen();
  const answer = await client.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
  expect(answer).toMatchObject({ serverInfo: { name: "weft" }, capabilities: { hoverProvider: true } });
  await client.sendRequest("shutdown");
  const ended = new Promise((resolve) => server.on("exit", resolve));
  await client.sendNotification("exit");
  expect(await ended).toBe(0);
  client.dispose();
});
