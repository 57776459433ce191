import type { Mapping } from "./mapping.ts";
import { attention } from "./attention.ts";
import { blocked } from "./blocked/blocked.ts";
import { rows } from "./rows/rows.ts";
import { sharedRows } from "./rows/shared-rows.ts";
import { sequential } from "./sequential.ts";
import { tiles } from "./workgroup/tiles.ts";
import { tree } from "./workgroup/tree.ts";

/** Every mapping, the first that fits an operation is taken unless its schedule names one. The last fits everything. */
export const mappings: readonly Mapping[] = [attention, sharedRows, rows, tree, tiles, blocked, sequential];
