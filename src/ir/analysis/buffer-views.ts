/** Operations whose result is another name for (a part of) the buffer that is their first operand. */
export const bufferViews: ReadonlySet<string> = new Set([
  "memref.subview",
  "memref.cast",
  "memref.reinterpret_cast",
  "memref.expand_shape",
  "memref.collapse_shape",
]);
