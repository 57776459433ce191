import { type AffineExpression, affine, affineMap, substituteAffine } from "../../ir/affine.ts";
import { integerAttribute } from "../../ir/attributes.ts";
import { at } from "../../ir/builder.ts";
import { arith } from "../../ir/dialects/arith.ts";
import { linalg } from "../../ir/dialects/linalg.ts";
import { weft } from "../../ir/dialects/weft.ts";
import { bodyOf, type Operation, type ValueId, walk } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { indexType } from "../../ir/types.ts";
import type { Access, KernelGroup, Stage } from "./group.ts";
import { Views } from "./operand-views.ts";
import type { StagePlaces } from "./placed-operands.ts";
import type { Renumbering } from "./renumber-loops.ts";

/** Builds a group over other loops and views before the old one, and erases that. */
export function rebuildGroup(
  rewriter: Rewriter,
  group: KernelGroup,
  stages: readonly StagePlaces[],
  temporaries: ReadonlySet<ValueId>,
  renumbering: Renumbering,
): void {
  const { expressions, bounds, iterators } = renumbering;
  rewriter.insertionPoint = { kind: "before", op: group.op.id };
  rewriter.location = group.op.location;
  const views = new Views(rewriter, bounds, temporaries);
  const accesses = stages.map(({ stage, keep, placed }) => {
    const all = placed.map((place) => views.of(place, expressions));
    const made = all.filter((_, position) => position >= stage.inputs.length || keep[position]);
    return made;
  });
  const inKernel = group.op.name === "weft.kernel";
  const build = (): void => {
    stages.forEach(({ stage, keep }, at) => {
      rewriter.location = stage.op.location;
      if (stage.op.name === "linalg.fill") {
        const copy = rewriter.clone(stage.op);
        rewriter.setOperands(
          copy.id,
          accesses[at]!.map(({ value }) => value),
        );
      } else rebuildGeneric(rewriter, stage, keep, accesses[at]!, renumbering, iterators, at === group.anchor);
    });
  };
  if (inKernel) {
    const touched = [...new Set(accesses.flat().map(({ value }) => value))].filter(
      (value) => rewriter.typeOf(value).kind === "memref" && !views.local.has(value),
    );
    const written = stages.flatMap(({ stage }, at) => accesses[at]!.slice(-stage.outputs.length));
    const outputs = touched.filter((value) => written.some((access) => access.value === value));
    weft.kernel.build(
      rewriter,
      { inputs: touched.filter((value) => !outputs.includes(value)), outputs },
      {},
      {
        resultTypes: [],
        extra: group.op.attributes,
        regions: {
          body: [
            {
              arguments: [],
              body: (_, __, block) => {
                for (const local of views.local) rewriter.moveToEnd(rewriter.definition(local)!, block);
                build();
                weft.yield.build(rewriter, {}, {});
              },
            },
          ],
        },
      },
    );
  } else build();
  rewriter.erase(group.op);
}

function rebuildGeneric(
  rewriter: Rewriter,
  stage: Stage,
  keep: readonly boolean[],
  accesses: readonly Access[],
  { expressions, bounds }: Renumbering,
  iterators: Renumbering["iterators"],
  isAnchor: boolean,
): void {
  // Followers run over the parallel loops alone.
  const loops = bounds.map((_, loop) => loop).filter((loop) => isAnchor || iterators[loop] === "parallel");
  const own = new Map(loops.map((loop, position) => [loop, position]));
  const toOwn = bounds.map((_, loop) => affine.dimension(own.get(loop) ?? 0));
  const maps = accesses.map(({ map }) =>
    affineMap(
      loops.length,
      map.results.map((result) => substituteAffine(result, toOwn)),
    ),
  );
  const inputs = accesses.length - stage.outputs.length;
  const block = rewriter.block(stage.op.regions[0]![0]!);
  const types = block.arguments.map((argument) => rewriter.typeOf(argument));
  const kept = types.map((_, position) => position >= stage.inputs.length || keep[position]!);
  linalg.generic.build(
    rewriter,
    {
      inputs: accesses.slice(0, inputs).map(({ value }) => value),
      outputs: accesses.slice(inputs).map(({ value }) => value),
    },
    { indexing_maps: maps, iterator_types: loops.map((loop) => iterators[loop]!) },
    {
      extra: stage.op.attributes,
      resultTypes: [],
      regions: {
        region: [
          {
            arguments: types.filter((_, position) => kept[position]),
            body: (_, values) => {
              const mapping = new Map<ValueId, ValueId>();
              let next = 0;
              block.arguments.forEach((argument, position) => {
                if (kept[position]) mapping.set(argument, values[next++]!);
              });
              for (const inner of bodyOf(rewriter, stage.op)) {
                const copy = rewriter.clone(inner, mapping);
                for (const op of Array.from(walk(rewriter, copy.id)))
                  renumberIndex(rewriter, op, stage, expressions, own, mapping, inner);
              }
            },
          },
        ],
      },
    },
  );
}

/** Makes a copied `linalg.index` ask for the new loop, or replaces it by zero when its loop is gone. */
function renumberIndex(
  rewriter: Rewriter,
  op: Operation,
  stage: Stage,
  expressions: readonly AffineExpression[],
  own: ReadonlyMap<number, number>,
  mapping: Map<ValueId, ValueId>,
  original: Operation,
): void {
  const position = linalg.index.match(rewriter, op);
  if (!position) return;
  const expression = expressions[stage.loops[position.attributes.dim]!]!;
  if (expression.kind === "dimension") {
    const dim = integerAttribute(own.get(expression.position)!);
    return rewriter.update(op.id, { properties: { ...op.properties, dim } });
  }
  const zero = at(rewriter, { kind: "before", op: op.id }, () =>
    arith.constant.build(rewriter, {}, { value: integerAttribute(0, indexType) }, { resultTypes: [indexType] }),
  );
  rewriter.replace(op, [zero.result]);
  if (original.name === "linalg.index") mapping.set(original.results[0]!, zero.result);
}
