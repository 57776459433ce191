import { PassThrough } from "node:stream";
import {
  createConnection,
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { serve } from "../../src/lsp/server.ts";

/** A place in a text: the line and character of `needle`, moved right by `shift`. */
export function placeOf(
  text: string,
  needle: string,
  shift = 0,
): { readonly line: number; readonly character: number } {
  const offset = text.indexOf(needle) + shift;
  const before = text.slice(0, offset).split("\n");
  return { line: before.length - 1, character: before.at(-1)!.length };
}

/** An editor's side of a language server that runs in this process. */
export async function openSession() {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  serve(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)));
  const client = createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  const published: { uri: string; diagnostics: readonly { code: string; message: string; range: unknown }[] }[] = [];
  let wake: (() => void) | undefined;
  client.onNotification("textDocument/publishDiagnostics", (parameters) => {
    published.push(parameters as (typeof published)[number]);
    wake?.();
  });
  client.listen();
  const initialized = (await client.sendRequest("initialize", {
    processId: null,
    rootUri: null,
    capabilities: {},
  })) as {
    readonly capabilities: Readonly<Record<string, unknown>>;
  };
  void client.sendNotification("initialized", {});
  const uri = "file:///test.mlir";
  let version = 0;
  return {
    capabilities: initialized.capabilities,
    uri,
    open: (text: string) =>
      client.sendNotification("textDocument/didOpen", {
        textDocument: { uri, languageId: "mlir", version: ++version, text },
      }),
    change: (text: string) =>
      client.sendNotification("textDocument/didChange", {
        textDocument: { uri, version: ++version },
        contentChanges: [{ text }],
      }),
    /** The diagnostics that are published next. */
    diagnostics: async () => {
      while (published.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return published.shift()!.diagnostics;
    },
    request: <T>(method: string, parameters: object = {}): Promise<T> =>
      client.sendRequest(method, { textDocument: { uri }, ...parameters }),
    close: () => client.dispose(),
  };
}
