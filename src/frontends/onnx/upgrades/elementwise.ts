import { tensorFromNumbers } from "../../../support/numeric/host-tensor.ts";
import { dataTypeOf, elementTypeNamed } from "../element-types.ts";
import { alignAt } from "./broadcast.ts";
import { floatAttribute, intAttribute } from "./rewriting.ts";
import { dropping, type Rewrite, type Upgrade, upgrade, upgradeEach } from "./table.ts";

/** Until operator set 6 an attribute told which inputs may be overwritten. */
const inPlaceOperators = (
  "Abs Add BatchNormalization Ceil Clip Div Dropout Elu Exp Floor HardSigmoid InstanceNormalization LeakyRelu Log " +
  "Max Mean Min Mul Neg PRelu Reciprocal Relu Selu Sigmoid Sqrt Sub Sum Tanh"
).split(" ");

/**
 * Until operator set 6 binary operators broadcast their second operand only if `broadcast` was set; its dimensions then met
 * those of the first from `axis` on, or the last ones without it.
 */
const legacyBroadcast: Rewrite = (node, to) => {
  const axis = to.int("axis");
  const [a = "", b = ""] = node.inputs;
  const aligned = to.int("broadcast", 0) === 0 || axis === undefined ? b : alignAt(b, a, axis, to);
  to.next(node, { inputs: [a, aligned], without: ["axis", "broadcast", "consumed_inputs"] });
};

/** Until operator set 6 a slope vector held one slope for each channel. */
const prelu6: Rewrite = (node, to) => {
  const [x = "", slope = ""] = node.inputs;
  const type = to.scope.typeOf(slope);
  const shape = type?.kind === "tensor" ? type.shape : undefined;
  const perChannel = shape === undefined || (shape.length === 1 && shape[0] !== 1);
  to.next(node, { inputs: [x, perChannel ? alignAt(slope, x, 1, to) : slope] });
};

/** Until operator set 10 the bounds were attributes. */
const clip10: Rewrite = (node, to) => {
  const [x = ""] = node.inputs;
  const bound = (name: string): string => {
    const value = to.float(name);
    return value === undefined ? "" : to.scalarLike(name, value, x);
  };
  to.next(node, { inputs: [x, bound("min"), bound("max")], without: ["min", "max"] });
};

/** Until operator set 5 the type was named by a string. */
const cast5: Rewrite = (node, to) => {
  const name = to.required("to", to.string("to"));
  const elementType = elementTypeNamed(name.toUpperCase());
  if (elementType === undefined) return to.refuse(`there is no element type ${JSON.stringify(name.slice(0, 32))}`);
  to.next(node, { set: { to: intAttribute(dataTypeOf(elementType)!) } });
};

/** Operator set 6 stated the defaults more exactly. */
const selu5: Rewrite = (node, to) => {
  const alpha = floatAttribute(to.float("alpha") ?? Math.fround(1.6732));
  const gamma = floatAttribute(to.float("gamma") ?? Math.fround(1.0507));
  to.next(node, { without: ["consumed_inputs"], set: { alpha, gamma } });
};

/** Until operator set 6 `is_test` said whether the operator drops anything, which is the default. */
const dropout6: Rewrite = (node, to) => {
  const ratio = to.float("ratio") ?? 0.5;
  const [x = ""] = node.inputs;
  const without = ["is_test", "ratio", "consumed_inputs"];
  const inputs = [x, to.constant("ratio", tensorFromNumbers("f32", [], [ratio]))];
  if (to.int("is_test", 0) === 0) inputs.push(to.constant("training_mode", tensorFromNumbers("i1", [], [1])));
  withNumericMask(node.outputs, x, to, (outputs) => to.next(node, { inputs, outputs, without, version: 12 }));
};

/** Until operator set 9 the mask had the type of the data. */
const dropout9: Rewrite = (node, to) => {
  withNumericMask(node.outputs, node.inputs[0] ?? "", to, (outputs) => to.next(node, { outputs }));
};

function withNumericMask(
  [y = "", mask = ""]: readonly string[],
  x: string,
  to: Parameters<Rewrite>[1],
  emit: (outputs: readonly string[]) => void,
): void {
  if (mask === "" || !to.scope.isUsed(mask)) return emit([y]);
  const boolean = to.name("mask");
  emit([y, boolean]);
  to.apply("CastLike", [boolean, x], {}, mask);
}

/** Until operator set 11 the ratio was an attribute, and nothing was dropped. */
const dropout11: Rewrite = (node, to) => {
  const ratio = to.constant("ratio", tensorFromNumbers("f32", [], [to.float("ratio") ?? 0.5]));
  to.next(node, { inputs: [node.inputs[0] ?? "", ratio], without: ["ratio"] });
};

/** Changes of operators that work element by element. */
export const elementwiseUpgrades: readonly Upgrade[] = [
  ...upgradeEach(
    inPlaceOperators.filter((opType) => opType !== "Selu" && opType !== "Dropout"),
    { through: 5 },
    dropping("consumed_inputs"),
  ),
  ...upgradeEach(
    ["Add", "Sub", "Mul", "Div", "Pow", "And", "Or", "Xor", "Equal", "Greater", "Less"],
    { through: 6 },
    legacyBroadcast,
  ),
  upgrade("", "PRelu", { through: 6 }, prelu6),
  upgrade("", "Clip", { through: 10 }, clip10),
  upgrade("", "Cast", { through: 5 }, cast5),
  upgrade("", "Selu", { through: 5 }, selu5),
  upgrade("", "Dropout", { through: 6 }, dropout6),
  upgrade("", "Dropout", { through: 9 }, dropout9),
  upgrade("", "Dropout", { through: 11 }, dropout11),
];
