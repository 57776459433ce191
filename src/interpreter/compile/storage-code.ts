import type { NumericElementType } from "../../support/numeric/element-type.ts";
import { decodeBF16, decodeFloat, encodeBF16, encodeFloat } from "../../support/numeric/float-formats.ts";
import { isPattern } from "../../support/numeric/element-storage.ts";
import type { Operation } from "../../ir/module.ts";
import { fail } from "../diagnostics.ts";
import type { Emitter, EmittedScalar } from "./emitter.ts";

type PatternType = Parameters<typeof decodeFloat>[0];

const decoders = new Map<NumericElementType, (bits: number) => number>([["bf16", decodeBF16]]);
const encoders = new Map<NumericElementType, (value: number) => number>([["bf16", encodeBF16]]);
const decoderOf = (format: PatternType): ((bits: number) => number) => {
  let decode = decoders.get(format);
  if (!decode) decoders.set(format, (decode = (bits) => decodeFloat(format, bits)));
  return decode;
};
const encoderOf = (format: PatternType): ((value: number) => number) => {
  let encode = encoders.get(format);
  if (!encode) encoders.set(format, (encode = (value) => encodeFloat(format, value, { saturate: false })));
  return encode;
};

/** The expression that reads an element of a storage. */
export function loadCode(emitter: Emitter, element: NumericElementType, place: string): string {
  if (isPattern(element)) return `${emitter.bind(decoderOf(element))}(${place})`;
  return element === "index" ? `Number(${place})` : place;
}
/** The statement that writes an element of a storage. */
export function storeCode(emitter: Emitter, element: NumericElementType, place: string, value: string): string {
  if (isPattern(element)) return `${place} = ${emitter.bind(encoderOf(element))}(${value});`;
  return `${place} = ${element === "index" ? `BigInt(${value})` : value};`;
}

/** Emits a check of an index, unless its bounds show that it holds. `size` is a number or an expression. */
export function checkIndex(
  emitter: Emitter,
  op: Operation,
  index: Pick<EmittedScalar, "code" | "low" | "high">,
  dimension: number,
  size: string,
): void {
  const known = Number(size);
  if (index.low >= 0 && index.high < known) return;
  const report = emitter.bind(boundsReporter(op));
  emitter.line(
    `if (!(${index.code} >= 0 && ${index.code} < ${size})) ${report}(${index.code}, ${dimension}, ${size});`,
  );
}

const reporters = new WeakMap<Operation, (index: number, dimension: number, size: number) => never>();
function boundsReporter(op: Operation): (index: number, dimension: number, size: number) => never {
  let report = reporters.get(op);
  if (!report) {
    report = (index, dimension, size) => fail("out-of-bounds", op.location, { name: op.name, index, dimension, size });
    reporters.set(op, report);
  }
  return report;
}

/** `a + b·stride`, without what does nothing. */
export function advance(start: string, index: string, stride: string): string {
  if (index === "0" || stride === "0") return start;
  const step =
    stride === "1"
      ? index
      : /^\d+$/.test(index) && /^\d+$/.test(stride)
        ? String(Number(index) * Number(stride))
        : `${index} * ${stride}`;
  return start === "0" ? step : `${start} + ${step}`;
}
