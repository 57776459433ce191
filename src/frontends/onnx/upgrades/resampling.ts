import { type HostTensor, tensorFromNumbers, toNumbers } from "../../../support/numeric/host-tensor.ts";
import { stringAttribute, type Rewriting } from "./rewriting.ts";
import { type Rewrite, type Upgrade, upgrade } from "./table.ts";

/** Operator set 1 scaled the last two of four dimensions. */
const upsample6: Rewrite = (node, to) => {
  const height = to.required("height_scale", to.float("height_scale"));
  const width = to.required("width_scale", to.float("width_scale"));
  const mode = to.string("mode") === "bilinear" ? "linear" : (to.string("mode") ?? "nearest");
  to.next(node, {
    without: ["height_scale", "width_scale"],
    set: { scales: { kind: "floats", values: [1, 1, height, width] }, mode: stringAttribute(mode) },
  });
};

/** Until operator set 8 the scales were an attribute. */
const upsample8: Rewrite = (node, to) => {
  const scales = to.floats("scales", to.required("scales", to.floatList("scales")));
  to.next(node, { inputs: [node.inputs[0] ?? "", scales], without: ["scales"] });
};

/** Upsample, deprecated since operator set 10, is Resize with the coordinates and rounding that Resize had at first. */
const upsample: Rewrite = (node, to) => {
  const [x = "", scales = ""] = node.inputs;
  resizeAsAtFirst(node, to, [{ x, scales, rounding: "floor", y: node.outputs[0] ?? "" }]);
};

/**
 * Until operator set 10 coordinates were asymmetric. The nearest element was the one below when growing and the one above
 * when shrinking. The newest form has one rounding for all axes; as nearest sampling works on each axis by itself, a node
 * that shrinks some axes and grows others is two: first those that shrink, then those that grow.
 */
const resize10: Rewrite = (node, to) => {
  const [x = "", scales = ""] = node.inputs;
  const y = node.outputs[0] ?? "";
  const known = to.scope.constantOf(scales);
  const factors = known === undefined ? undefined : [...toNumbers(known)];
  const nearest = (to.string("mode") ?? "nearest") === "nearest";
  const shrinks = factors === undefined || factors.some((factor) => factor < 1);
  const grows = factors === undefined || factors.some((factor) => factor > 1);
  if (!nearest || !shrinks) return resizeAsAtFirst(node, to, [{ x, scales, rounding: "floor", y }]);
  if (!grows) return resizeAsAtFirst(node, to, [{ x, scales, rounding: "ceil", y }]);
  const one = to.constant("one", tensorFromNumbers("f32", [], [1]));
  const limited = (opType: "Min" | "Max"): string =>
    factors === undefined
      ? to.apply(opType, [scales, one])
      : to.floats("scales", opType === "Min" ? factors.map((f) => Math.min(f, 1)) : factors.map((f) => Math.max(f, 1)));
  const shrunk = to.name("shrunk");
  return resizeAsAtFirst(node, to, [
    { x, scales: limited("Min"), rounding: "ceil", y: shrunk },
    { x: shrunk, scales: limited("Max"), rounding: "floor", y },
  ]);
};

function resizeAsAtFirst(
  node: Parameters<Rewrite>[0],
  to: Rewriting,
  steps: readonly { readonly x: string; readonly scales: string; readonly rounding: string; readonly y: string }[],
): void {
  const mode = to.string("mode") === "bilinear" ? "linear" : (to.string("mode") ?? "nearest");
  for (const { x, scales, rounding, y } of steps) {
    to.next(node, {
      opType: "Resize",
      inputs: [x, "", scales],
      outputs: [y],
      set: {
        mode: stringAttribute(mode),
        coordinate_transformation_mode: stringAttribute("asymmetric"),
        nearest_mode: stringAttribute(rounding),
      },
      version: 19,
    });
  }
}

/** Operator set 11 could not leave out inputs: empty tensors stood for them, and exporters kept to it for long. */
const resize18: Rewrite = (node, to) => {
  const absent = (tensor: HostTensor | undefined) => tensor !== undefined && tensor.data.length === 0;
  const inputs = node.inputs.map((name) => (absent(to.scope.constantOf(name)) ? "" : name));
  to.next(node, { inputs: [node.inputs[0] ?? "", ...inputs.slice(1)] });
};

/** Operator set 20 renamed the modes when it admitted other ranks than four. */
const gridSampleModes: ReadonlyMap<string, string> = new Map([
  ["bilinear", "linear"],
  ["bicubic", "cubic"],
]);
const gridSample19: Rewrite = (node, to) => {
  const mode = to.string("mode") ?? "bilinear";
  to.next(node, { set: { mode: stringAttribute(gridSampleModes.get(mode) ?? mode) } });
};

/** Changes of operators that sample images. */
export const resamplingUpgrades: readonly Upgrade[] = [
  upgrade("", "Upsample", { through: 6 }, upsample6),
  upgrade("", "Upsample", { through: 8 }, upsample8),
  upgrade("", "Upsample", { through: 27 }, upsample),
  upgrade("", "Resize", { through: 10 }, resize10),
  upgrade("", "Resize", { through: 18 }, resize18),
  upgrade("", "GridSample", { through: 19 }, gridSample19),
];
