import type { Module, Resource } from "../module.ts";
import { hexadecimal } from "./dense-text.ts";
import { keywordOrString } from "./spelling.ts";

const defaultAlignment = 64;
/** Characters of `"0x…"`: two for each byte, of the alignment and of the data. */
const textLength = ({ bytes }: Resource): number => 2 * (bytes.byteLength + 4) + '"0x"'.length;

/**
 * The `{-# … #-}` section with the bytes of the resources that were mentioned; empty when there are none.
 * @param elideLargerThan resources whose text, with its quotes, has more characters are left out
 */
export function resourceSection(module: Module, keys: ReadonlySet<string>, elideLargerThan = Infinity): string {
  const lines: string[] = [];
  for (const key of keys) {
    const resource = Object.hasOwn(module.resources, key) ? module.resources[key] : undefined;
    if (resource === undefined || textLength(resource) > elideLargerThan) continue;
    const prefix = new Uint8Array(4);
    new DataView(prefix.buffer).setUint32(0, resource.alignment ?? defaultAlignment, true);
    lines.push(`      ${keywordOrString(key)}: "0x${hexadecimal(prefix)}${hexadecimal(resource.bytes)}"`);
  }
  if (lines.length === 0) return "";
  return `\n{-#\n  dialect_resources: {\n    builtin: {\n${lines.join(",\n")}\n    }\n  }\n#-}\n`;
}
