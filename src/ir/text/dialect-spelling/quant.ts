import type { BodyReader } from "./body-reader.ts";

/** `i8`, `u8`, `si8` and `ui8`, with the bounds of what is stored where they are not those of the type. */
function storage(reader: BodyReader): string {
  const [, sign, digits] = /^(s?i|ui?)(\d+)$/.exec(reader.word()) ?? [];
  const width = BigInt(digits ?? 0);
  const isSigned = sign === "i" || sign === "si";
  const name = `${isSigned ? "i" : "u"}${width}`;
  if (digits === undefined || width === 0n || !reader.accept("<")) return name;
  const least = reader.integer();
  reader.expect(":");
  const greatest = reader.integer();
  reader.expect(">");
  const isWhole = isSigned
    ? least === -(1n << (width - 1n)) && greatest === (1n << (width - 1n)) - 1n
    : least === 0n && greatest === (1n << width) - 1n;
  return isWhole ? name : `${name}<${least}:${greatest}>`;
}

/** `scale:zeroPoint`; a zero point of 0 is left out. */
function scale(reader: BodyReader): string {
  const factor = reader.double();
  const zeroPoint = reader.accept(":") ? reader.integer() : 0n;
  return zeroPoint === 0n ? factor : `${factor}:${zeroPoint}`;
}
/** Scales of blocks, nested in as many brackets as there are dimensions. */
function nestedScales(reader: BodyReader): string {
  if (!reader.at("{")) return scale(reader);
  return `{${reader.list("{", "}", () => nestedScales(reader)).join(", ")}}`;
}

/** `i8:f32, 0.5:3`; `i8:f32:1, {0.5,0.25}` along an axis; `i8:f32:{0:1}, {{0.5}}` for blocks. */
function uniform(reader: BodyReader): string {
  const stored = storage(reader);
  reader.expect(":");
  const types = `${stored}:${reader.word()}`;
  if (!reader.accept(":")) {
    reader.expect(",");
    return `${types}, ${scale(reader)}`;
  }
  if (!reader.at("{")) {
    const axis = reader.integer();
    reader.expect(",");
    return `${types}:${axis}, {${reader.list("{", "}", () => scale(reader)).join(",")}}`;
  }
  const sizes = reader.list("{", "}", () => {
    const axis = reader.integer();
    reader.expect(":");
    return `${axis}:${reader.integer()}`;
  });
  reader.expect(",");
  return `${types}:{${sizes.join(", ")}}, ${nestedScales(reader)}`;
}

/** `i8:f32`, or the storage alone. */
function any(reader: BodyReader): string {
  const stored = storage(reader);
  return reader.accept(":") ? `${stored}:${reader.word()}` : stored;
}

/** `f32<-1.0:1.0>`. */
function calibrated(reader: BodyReader): string {
  const type = reader.word();
  reader.expect("<");
  const least = reader.double();
  reader.expect(":");
  const greatest = reader.double();
  reader.expect(">");
  return `${type}<${least}:${greatest}>`;
}

/** Types of quantized values. */
export const quantTypes = { "quant.uniform": uniform, "quant.any": any, "quant.calibrated": calibrated } as const;
