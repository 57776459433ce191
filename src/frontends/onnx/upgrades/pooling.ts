import { intAttribute, stringAttribute } from "./rewriting.ts";
import { type Rewrite, type Upgrade, upgrade, upgradeEach } from "./table.ts";

/** Operator set 1 had a float for the norm's order. */
const floatOrder1: Rewrite = (node, to) => {
  const p = to.float("p") ?? 2;
  if (!Number.isInteger(p)) to.refuse(`the order p = ${p} is not an integer`);
  to.next(node, { set: { p: intAttribute(p) } });
};

/** Operator set 16 made half-pixel coordinates the default; until then they were those of "output_half_pixel". */
const roiAlign15: Rewrite = (node, to) =>
  to.next(node, { set: { coordinate_transformation_mode: stringAttribute("output_half_pixel") } });

/** Changes of pooling operators. */
export const poolingUpgrades: readonly Upgrade[] = [
  ...upgradeEach(["LpPool", "GlobalLpPool"], { through: 1 }, floatOrder1),
  upgrade("", "RoiAlign", { through: 15 }, roiAlign15),
];
