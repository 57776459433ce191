import { type Body, type BodyReader, commaList } from "./reader.ts";

/** `i8<-8:7>:f32:1, {2.0:3, 4.0}`: storage, expressed type, axes or none, scales with zero points. */
export const uniformQuantized: Body = (reader) => {
  const storage = storageType(reader);
  reader.expect(":");
  const expressed = reader.type();
  const head = `${storage}:${expressed}`;
  if (!reader.accept(":")) {
    reader.expect(",");
    return `${head}, ${scale(reader)}`;
  }
  if (!reader.at("{")) {
    const axis = reader.number();
    reader.expect(",");
    return `${head}:${axis}, {${scales(reader).join(",")}}`;
  }
  reader.expect("{");
  const blocks = reader.at("}") ? [] : commaList(reader, () => block(reader));
  reader.expect("}");
  reader.expect(",");
  return `${head}:{${blocks.join(", ")}}, ${nestedScales(reader)}`;
};

/** `i8<-8:7>:f32`, of which the expressed type may be missing. */
export const anyQuantized: Body = (reader) => {
  const storage = storageType(reader);
  return reader.accept(":") ? `${storage}:${reader.type()}` : storage;
};

/** `f32<-0.5:1.5>`. */
export const calibrated: Body = (reader) => {
  const expressed = reader.type();
  reader.expect("<");
  const lowest = reader.double();
  reader.expect(":");
  const highest = reader.double();
  reader.expect(">");
  return `${expressed}<${lowest}:${highest}>`;
};

/** `i8`, `u4`, and bounds where they are not all that the type can hold. */
function storageType(reader: BodyReader): string {
  const [, sign, digits] = /^(u|i|si|ui)(\d+)$/.exec(reader.word()) ?? reader.fail("expected a storage type");
  const isUnsigned = sign === "u" || sign === "ui";
  const width = BigInt(digits!);
  if (width < 1n || width > 32n) reader.fail(`illegal storage type size: ${digits!.slice(0, 20)}`);
  const name = `${isUnsigned ? "u" : "i"}${digits}`;
  if (!reader.accept("<")) return name;
  const lowest = reader.number();
  reader.expect(":");
  const highest = reader.number();
  reader.expect(">");
  if (![lowest, highest].every((text) => /^-?\d+$/.test(text))) reader.fail("illegal storage type bound");
  const [least, most] = isUnsigned ? [0n, (1n << width) - 1n] : [-(1n << (width - 1n)), (1n << (width - 1n)) - 1n];
  return BigInt(lowest) === least && BigInt(highest) === most ? name : `${name}<${lowest}:${highest}>`;
}

function block(reader: BodyReader): string {
  const axis = reader.number();
  reader.expect(":");
  return `${axis}:${reader.number()}`;
}

/** `2.0:3`; a zero point of zero is left out. */
function scale(reader: BodyReader): string {
  const factor = reader.double();
  const zero = reader.accept(":") ? reader.number() : "0";
  return zero === "0" ? factor : `${factor}:${zero}`;
}

function scales(reader: BodyReader): readonly string[] {
  reader.expect("{");
  const list = commaList(reader, () => scale(reader));
  reader.expect("}");
  return list;
}

/** Scales in nested braces, one level for each dimension. */
function nestedScales(reader: BodyReader): string {
  if (!reader.at("{")) return scale(reader);
  reader.expect("{");
  const list = commaList(reader, () => nestedScales(reader));
  reader.expect("}");
  return `{${list.join(", ")}}`;
}
