import type { OnnxNode } from "../graph.ts";
import type { Rewriting } from "./rewriting.ts";

/** Emits, through `to`, the nodes that do what `node` does. */
export type Rewrite = (node: OnnxNode, to: Rewriting) => void;

/** One change of one operator between two of its versions. */
export interface Upgrade {
  readonly domain: string;
  readonly opType: string;
  /** The last operator set whose nodes the entry rewrites; the result is at least of the next one. */
  readonly through: number;
  readonly rewrite: Rewrite;
}

/** An entry of the table; see {@link Upgrade}. */
export const upgrade = (
  domain: string,
  opType: string,
  { through }: { readonly through: number },
  rewrite: Rewrite,
): Upgrade => ({ domain, opType, through, rewrite });

/** The same change of several operators of `ai.onnx`. */
export const upgradeEach = (
  opTypes: readonly string[],
  versions: { readonly through: number },
  rewrite: Rewrite,
): readonly Upgrade[] => opTypes.map((opType) => upgrade("", opType, versions, rewrite));

/** Rewrites that only drop attributes. */
export const dropping =
  (...names: readonly string[]): Rewrite =>
  (node, to) =>
    to.next(node, { without: names });
