import type { Module, Resource } from "../module.ts";
import { hexadecimal } from "./dense-text.ts";
import { keywordOrString } from "./spelling.ts";

const defaultAlignment = 64;
/** Characters of `"0x…"`: two for each byte, of the alignment and of the data. */
const textLength = ({ bytes }: Resource): number => 2 * (bytes.byteLength + 4) + '"0x"'.length;

/** Texts by key, by owner, by section. */
type Sections = Map<string, Map<string, ReadonlyMap<string, string>>>;

/**
 * The `{-# … #-}` section with the bytes of the resources that were mentioned, and what belongs to other dialects and tools; empty
 * when there are none.
 * @param elideLargerThan resources whose text, with its quotes, has more characters are left out
 */
export function resourceSection(module: Module, keys: ReadonlySet<string>, elideLargerThan = Infinity): string {
  const sections: Sections = new Map();
  const builtin = builtinTexts(module, keys, elideLargerThan);
  if (builtin.size > 0) sections.set("dialect_resources", new Map([["builtin", builtin]]));
  for (const [path, texts] of Object.entries(module.otherResources ?? {})) {
    const slash = path.indexOf("/");
    const section = path.slice(0, slash);
    const owners = sections.get(section) ?? new Map<string, ReadonlyMap<string, string>>();
    sections.set(section, owners.set(path.slice(slash + 1), new Map(Object.entries(texts))));
  }
  if (sections.size === 0) return "";
  const lines = braced(sections, 1, (owners) => braced(owners, 2, (texts) => braced(texts, 3, (text) => text)));
  return `\n{-#${lines.slice(1, -1)}#-}\n`;
}

/** `{ key: value, … }`, an entry to a line. */
function braced<T>(entries: ReadonlyMap<string, T>, depth: number, valueText: (value: T) => string): string {
  const indent = "  ".repeat(depth);
  const lines = [...entries].map(([key, value]) => `${indent}${keywordOrString(key)}: ${valueText(value)}`);
  return `{\n${lines.join(",\n")}\n${"  ".repeat(depth - 1)}}`;
}

function builtinTexts(module: Module, keys: ReadonlySet<string>, elideLargerThan: number): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const key of keys) {
    const resource = Object.hasOwn(module.resources, key) ? module.resources[key] : undefined;
    if (resource === undefined || textLength(resource) > elideLargerThan) continue;
    const prefix = new Uint8Array(4);
    new DataView(prefix.buffer).setUint32(0, resource.alignment ?? defaultAlignment, true);
    texts.set(key, `"0x${hexadecimal(prefix)}${hexadecimal(resource.bytes)}"`);
  }
  return texts;
}
