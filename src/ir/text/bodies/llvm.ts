import { type Body, type BodyReader, commaList } from "./reader.ts";

/** `N x T`. */
export const llvmArray: Body = (reader) => {
  const size = reader.number();
  reader.expect("x");
  return `${size} x ${llvmType(reader)}`;
};

/** `T (T, …)`. */
export const llvmFunction: Body = (reader) => {
  const result = llvmType(reader);
  reader.expect("(");
  const inputs = reader.at(")") ? [] : commaList(reader, () => (reader.accept("...") ? "..." : llvmType(reader)));
  reader.expect(")");
  return `${result} (${inputs.join(", ")})`;
};

/** `"name", packed (T, …)`, of which name and `packed` may be missing; `opaque` and nothing stand for a body as well. */
export const llvmStruct: Body = (reader) => {
  const name = reader.string();
  if (name !== undefined && reader.atEnd()) return name;
  if (name !== undefined) reader.expect(",");
  const prefix = name === undefined ? "" : `${name}, `;
  if (reader.accept("opaque")) return `${prefix}opaque`;
  const packed = reader.accept("packed") ? "packed " : "";
  reader.expect("(");
  const elements = reader.at(")") ? [] : commaList(reader, () => llvmType(reader));
  reader.expect(")");
  return `${prefix}${packed}(${elements.join(", ")})`;
};

/** The address space; the default one is not written. */
export const llvmPointer: Body = (reader) => {
  const space = reader.number();
  return space === "0" ? undefined : space;
};

const bodies: Readonly<Record<string, Body>> = {
  array: llvmArray,
  func: llvmFunction,
  ptr: llvmPointer,
  struct: llvmStruct,
};
const words = ["void", "label", "token", "metadata", "ppc_fp128", "x86_amx", ...Object.keys(bodies)];

/** A type inside one of the dialect's: its own do without their prefix there. */
function llvmType(reader: BodyReader): string {
  const word = words.find((candidate) => reader.at(candidate));
  if (word === undefined) return reader.type().replace(/^!llvm\./, "");
  reader.word();
  if (!reader.accept("<")) return word;
  // A struct in its own body is known by its name alone.
  const body = word === "struct" ? nestedStruct(reader) : bodies[word]?.(reader);
  reader.expect(">");
  return body === undefined ? word : `${word}<${body}>`;
}

function nestedStruct(reader: BodyReader): string | undefined {
  const nameAlone = reader.optional(() => {
    const name = reader.string() ?? reader.fail("expected a name");
    if (!reader.at(">")) reader.fail("expected only a name");
    return name;
  });
  return nameAlone ?? llvmStruct(reader);
}
