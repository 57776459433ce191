#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// Types are stripped and code is compiled once for each version of a file, not at every start.
enableCompileCache();
const { main } = await import("./program.ts");
await main(process.argv);
