import { fileURLToPath } from "node:url";
import { join } from "node:path";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The folder of shared data with known answers; `WEFT_SHARED` overrides its place beside the repository. */
export const sharedFolder = process.env["WEFT_SHARED"] ?? join(root, "..", "shared");

/** A file of an installed package. */
export const packageFile = (...path: readonly string[]): string => join(root, "node_modules", ...path);

/** The repository's root. */
export const repositoryRoot = root;
