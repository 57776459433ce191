import { projectionMap } from "../../../ir/affine.ts";
import { onnxMl } from "../../../ir/dialects/onnx/index.ts";
import { type DenseAttribute, hostTensorOf } from "../../../ir/attributes.ts";
import { hostElementType, i64, stringType, type Type, typeOfElement } from "../../../ir/types.ts";
import {
  allocateTensor,
  type HostTensor,
  readElement,
  tensorFromNumbers,
  tensorFromStrings,
  writeElement,
} from "../../../support/numeric/host-tensor.ts";
import { lowering, type Lowering, type LoweringView } from "../lowering.ts";
import type { Tensor } from "../tensor.ts";

type Element = number | bigint | string;

/** One of the attributes that hold keys or values. */
function tableOf(
  view: Pick<LoweringView, "invalid">,
  name: string,
  parts: {
    readonly floats: readonly number[] | undefined;
    readonly integers: readonly bigint[] | undefined;
    readonly strings: readonly string[] | undefined;
    readonly tensor: DenseAttribute | undefined;
  },
): HostTensor {
  const { floats, integers, strings, tensor } = parts;
  const given: readonly HostTensor[] = [
    ...(floats ? [tensorFromNumbers("f32", [floats.length], floats)] : []),
    ...(integers ? [tensorFromNumbers("i64", [integers.length], integers)] : []),
    ...(strings ? [tensorFromStrings([strings.length], strings)] : []),
    ...(tensor ? [hostTensorOf(tensor)!] : []),
  ];
  return given.length === 1 ? given[0]! : view.invalid(`it needs exactly one kind of ${name}`);
}

const elementsOf = (host: HostTensor): readonly Element[] =>
  Array.from({ length: host.data.length }, (_, index) => readElement(host, index));

/** Each element replaced by the value of the equal key; NaN equals NaN. Strings must be known; numbers are searched for. */
function mapElements(
  view: Pick<LoweringView, "t" | "known">,
  x: Tensor,
  entries: ReadonlyMap<Element, Element>,
  fallback: Element,
  to: Type,
): Tensor {
  const { t } = view;
  if (x.constant || x.element === stringType || to === stringType) {
    const values = elementsOf(view.known(x, "X")).map((element) => entries.get(element) ?? fallback);
    return t.constant(hostOf(to, x.shape, values), to);
  }
  const keys = t.numbers([...entries.keys()] as readonly number[], x.element);
  const values = t.numbers([...entries.values()] as readonly number[], to);
  const rank = x.rank + 1;
  const outer = x.shape.map((_, axis) => axis);
  const [result] = t.generic({
    inputs: [
      { tensor: x, map: projectionMap(rank, outer) },
      { tensor: keys, map: projectionMap(rank, [x.rank]) },
      { tensor: values, map: projectionMap(rank, [x.rank]) },
    ],
    outputs: [{ tensor: t.filled(fallback as number | bigint, to, x.shape), map: projectionMap(rank, outer) }],
    iterators: [...outer.map(() => "parallel" as const), "reduction"],
    body: (s, [element, key, value], [found]) => {
      const isEqual = s.compare("eq", element!, key!);
      const isHit = x.element.kind === "float" ? s.or(isEqual, s.and(s.isNan(element!), s.isNan(key!))) : isEqual;
      return [s.select(isHit, value!, found!)];
    },
  });
  return result!;
}

function hostOf(to: Type, shape: readonly number[], values: readonly Element[]): HostTensor {
  const elementType = hostElementType(to)!;
  if (elementType === "string") return tensorFromStrings(shape, values.map(String));
  const result = allocateTensor(elementType, shape);
  values.forEach((value, index) => writeElement(result, index, value));
  return result;
}

export const labelEncoderRules: readonly Lowering[] = [
  lowering(onnxMl.LabelEncoder, (view) => {
    const { X } = view.inputs;
    const a = view.attributes;
    const keys = tableOf(view, "keys", {
      floats: a.keys_floats,
      integers: a.keys_int64s,
      strings: a.keys_strings,
      tensor: a.keys_tensor,
    });
    const values = tableOf(view, "values", {
      floats: a.values_floats,
      integers: a.values_int64s,
      strings: a.values_strings,
      tensor: a.values_tensor,
    });
    if (keys.data.length !== values.data.length)
      view.invalid(`it has ${keys.data.length} keys, but ${values.data.length} values`);
    if (typeOfElement(keys.elementType) !== X.element)
      view.invalid(`its keys are ${keys.elementType}, but its operand ${X.element.text}`);
    const to = typeOfElement(values.elementType);
    // Of repeated keys the last one counts.
    const entries = new Map(elementsOf(keys).map((key, index) => [key, readElement(values, index)]));
    const given = a.default_tensor && hostTensorOf(a.default_tensor);
    const fallback = given && given.data.length > 0 ? readElement(given, 0) : undefined;
    const isFloat = to.kind === "float";
    const usual = to === stringType ? a.default_string : isFloat ? a.default_float : a.default_int64;
    // A default tensor is of the values' type; without one, each kind of value has its own attribute.
    return [mapElements(view, X, entries, fallback ?? usual, to)];
  }),
  lowering(onnxMl.CategoryMapper, (view) => {
    const { X } = view.inputs;
    const { cats_int64s, cats_strings, default_int64, default_string } = view.attributes;
    if (!cats_int64s || !cats_strings || cats_int64s.length !== cats_strings.length)
      return view.invalid("it needs as many integers as strings");
    if (X.element === stringType) {
      const entries = new Map(cats_strings.map((text, index) => [text, cats_int64s[index]!]));
      return [mapElements(view, X, entries, default_int64, i64)];
    }
    const entries = new Map(cats_int64s.map((number, index) => [number, cats_strings[index]!]));
    return [mapElements(view, X, entries, default_string, stringType)];
  }),
];
