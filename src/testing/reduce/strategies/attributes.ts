import { type Attribute, type Attributes, arrayAttribute, dictionaryAttribute } from "../../../ir/attributes.ts";
import type { OpId, Operation } from "../../../ir/module.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { hostElementType, staticShape, type TensorType, type VectorType } from "../../../ir/types.ts";
import { allocateTensor } from "../../../support/numeric/host-tensor.ts";
import type { TensorData } from "../../../support/numeric/host-tensor.ts";
import type { ProgramIndex } from "../program-index.ts";
import { weightOf } from "../size.ts";
import type { Edit, Strategy } from "../strategy.ts";

type Part = "properties" | "attributes";

function change(
  rewriter: Rewriter,
  id: OpId,
  part: Part,
  name: string,
  to: (now: Attribute) => Attribute | undefined,
): void {
  if (!rewriter.exists(id)) return;
  const entries = rewriter.operation(id)[part];
  const now = entries[name];
  if (now === undefined) return;
  const next = to(now);
  if (next === now) return;
  const { [name]: _, ...others } = entries;
  const changed: Attributes = next === undefined ? others : { ...entries, [name]: next };
  rewriter.update(id, part === "properties" ? { properties: changed } : { attributes: changed });
}

const everyAttribute = <T>(
  index: ProgramIndex,
  visit: (op: Operation, part: Part, name: string, attribute: Attribute) => readonly T[],
): readonly T[] =>
  [index.reader.operation(index.module.root), ...index.operations].flatMap((op) =>
    (["attributes", "properties"] as const).flatMap((part) =>
      Object.entries(op[part]).flatMap(([name, attribute]) => visit(op, part, name, attribute)),
    ),
  );

const dropping = (only: Part): Strategy => ({
  name: only === "attributes" ? "drop attributes" : "drop properties",
  edits: (index) =>
    everyAttribute(index, (op, part, name) =>
      part === only ? [(rewriter: Rewriter) => change(rewriter, op.id, part, name, () => undefined)] : [],
    ),
});

/** Simpler attributes in the place of an attribute, the simplest first. */
const simplifying: Strategy = {
  name: "simplify attributes",
  edits: (index) =>
    everyAttribute(index, (op, part, name, attribute): readonly Edit[] =>
      name.startsWith("sym_")
        ? []
        : simpler(attribute).map(
            (next) => (rewriter) =>
              change(rewriter, op.id, part, name, (now) => (weightOf(next) < weightOf(now) ? next : now)),
          ),
    ),
};

/** Elements of lists that are dropped one by one. */
const droppedOneByOne = 64;

function simpler(attribute: Attribute): readonly Attribute[] {
  switch (attribute.kind) {
    case "integer":
      return attribute.value === 0n ? [] : [{ ...attribute, value: 0n }];
    case "float":
      return attribute.value === 0 ? [] : [{ ...attribute, value: 0, bits: undefined }];
    case "string":
      return attribute.value === "" ? [] : [{ ...attribute, value: "" }];
    case "array":
      return [...shorter(attribute.elements), ...withSimpler(attribute.elements)].map(arrayAttribute);
    case "dictionary":
      return shorter(Object.entries(attribute.entries)).map((entries) =>
        dictionaryAttribute(Object.fromEntries(entries)),
      );
    case "dense-array":
      return shorter(attribute.values).map((values) => ({ ...attribute, values }));
    case "dense": {
      const zero = zeros(attribute.type);
      const splat = { ...attribute, data: attribute.data.slice(0, 1) as TensorData, splat: true };
      return [...(zero ? [zero] : []), ...(attribute.splat ? [] : [splat])];
    }
    case "resource": {
      const zero = zeros(attribute.type);
      return zero ? [zero] : [];
    }
    default:
      return [];
  }
}

/** The list with one of its elements simplified. */
function withSimpler(elements: readonly Attribute[]): readonly (readonly Attribute[])[] {
  if (elements.length > droppedOneByOne) return [];
  return elements.flatMap((element, position) => simpler(element).map((next) => elements.with(position, next)));
}

/** Parts of a list: nothing, its halves, and the list without each of its elements. */
function shorter<T>(list: readonly T[]): readonly (readonly T[])[] {
  if (list.length === 0) return [];
  const half = list.length >> 1;
  const halves = list.length > 2 ? [list.slice(0, half), list.slice(half)] : [];
  const single = list.length > droppedOneByOne ? [] : list.map((_, position) => list.toSpliced(position, 1));
  return [[], ...halves, ...single];
}

function zeros(type: TensorType | VectorType): Attribute | undefined {
  const element = hostElementType(type.element);
  if (element === undefined || staticShape(type) === undefined) return undefined;
  return Object.freeze({ kind: "dense", type, data: allocateTensor(element, [1]).data, splat: true });
}

/** Says less in attributes. */
export const attributeStrategies: readonly Strategy[] = [dropping("attributes"), dropping("properties"), simplifying];
