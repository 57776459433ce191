/** How many outputs a tile has along a dimension, and how far the filter reaches: F(m, r). */
export const winogradKinds = ["F_2_3", "F_4_3", "F_2_5"] as const;
export type WinogradKind = (typeof winogradKinds)[number];

/** m and r of F(m, r). */
export function winogradSizes(kind: WinogradKind): { readonly outputs: number; readonly filter: number } {
  const [, outputs, filter] = kind.split("_");
  return { outputs: Number(outputs), filter: Number(filter) };
}
