import type { Resource } from "../module.ts";
import type { TokenTable } from "./lexer.ts";
import type { LiteralError } from "./number-literal.ts";
import { quoted, unquoted } from "./spelling.ts";
import { kindOf } from "./tokens.ts";

/** Where resources go when they are read. */
interface ResourceTables {
  readonly resources: Map<string, Resource>;
  readonly otherResources: Map<string, Map<string, string>>;
}

/**
 * Reads a `{-# … #-}` section from its first token; returns the token after it. Bytes of builtin resources are kept as bytes,
 * other dialects' and external resources as text.
 */
export function readResources(
  table: TokenTable,
  start: number,
  into: ResourceTables,
): number | (LiteralError & { readonly index: number }) {
  const { kinds } = table;
  const path: string[] = [];
  let index = start + 1;
  while (kinds[index] !== kindOf.MetadataEnd) {
    const kind = kinds[index]!;
    if (kind === kindOf.EndOfFile) return { index, error: "expected '#-}' at the end of the file metadata" };
    if (kind === kindOf.RBrace) {
      if (path.pop() === undefined) return { index, error: "unexpected '}' in the file metadata" };
      index++;
    } else if (kind === kindOf.Comma) index++;
    else {
      const key = keyAt(table, index);
      if (key === undefined || kinds[index + 1] !== kindOf.Colon)
        return { index, error: "expected a key and ':' in the file metadata" };
      index += 2;
      if (kinds[index] === kindOf.LBrace) {
        path.push(key);
        index++;
        continue;
      }
      if (path.length === 2 && path[0] === "dialect_resources" && path[1] === "builtin") {
        const resource = resourceAt(table, index, key);
        if ("error" in resource) return { index, error: resource.error };
        into.resources.set(key, resource);
      } else if (path.length === 2) {
        const owner = path.join("/");
        const texts = into.otherResources.get(owner) ?? new Map<string, string>();
        const text = textAt(table, index);
        texts.set(key, table.kinds[index] === kindOf.String ? quoted(unquoted(text.slice(1, -1))) : text);
        into.otherResources.set(owner, texts);
      }
      index++;
    }
  }
  return index + 1;
}

const textAt = ({ source, starts, ends }: TokenTable, index: number): string =>
  source.slice(starts[index], ends[index]);

function keyAt(table: TokenTable, index: number): string | undefined {
  const text = textAt(table, index);
  if (table.kinds[index] === kindOf.String) return unquoted(text.slice(1, -1));
  return /^[A-Za-z_]/.test(text) ? text : undefined;
}

/** `"0x"`, four bytes of alignment, then the bytes themselves. */
function resourceAt(table: TokenTable, index: number, key: string): Resource | LiteralError {
  const text = textAt(table, index);
  if (table.kinds[index] !== kindOf.String || !text.startsWith('"0x') || text.length < 12 || text.length % 2 !== 0)
    return { error: `expected a hexadecimal string with alignment and bytes for resource ${key}` };
  const digits = text.slice(3, -1);
  if (!/^[0-9a-fA-F]*$/.test(digits))
    return { error: `resource ${key} has characters that are not hexadecimal digits` };
  const all = Uint8Array.from(Buffer.from(digits, "hex"));
  const alignment = new DataView(all.buffer).getUint32(0, true);
  return Object.freeze({ key, bytes: all.slice(4), alignment });
}
