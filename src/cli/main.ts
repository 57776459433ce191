#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// A reader that has seen enough (`weft explain … | head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});
// Types are stripped and code is compiled once for each version of a file, not at every start.
enableCompileCache();
const { main } = await import("./program.ts");
await main(process.argv);
