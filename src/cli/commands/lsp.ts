import type { Command } from "commander";

/** `weft lsp`: the language server. */
export function addLspCommand(program: Command): void {
  program
    .command("lsp")
    .description(
      "answer an editor's requests about .mlir files (Language Server Protocol) on standard input and output",
    )
    .option("--stdio", "talk over standard input and output, which is what it does anyway")
    .action(async () => {
      // Loaded when it is wanted: no other command needs the protocol.
      const { serveStandardStreams } = await import("../../lsp/server.ts");
      serveStandardStreams();
    });
}
