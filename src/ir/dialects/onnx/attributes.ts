import { f32Attribute, f32Array } from "../../attribute-codecs.ts";

/** A binary32 attribute with a default, which is rounded to binary32 as a written value is. */
export const float32 = (value: number) => f32Attribute.default(Math.fround(value));
/** The same for lists. */
export const float32List = (values: readonly number[]) => f32Array.default(values.map(Math.fround));
