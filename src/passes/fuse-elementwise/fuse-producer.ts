import type { AffineExpression } from "../../ir/affine.ts";
import { integerAttribute } from "../../ir/attributes.ts";
import { locationOf } from "../../ir/create-module.ts";
import { arith } from "../../ir/dialects/index.ts";
import type { Operation, ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { indexType } from "../../ir/types.ts";
import { BodyCloner, buildGeneric } from "../structured/generic.ts";
import type { Fusion } from "./legality.ts";

/** Replaces the consumer by one that computes its producer's elements where it reads them. The producer stays. */
export function fuseProducer(rewriter: Rewriter, fusion: Fusion): Operation {
  const { producer, consumer, input, inputs, producerLoops } = fusion;
  rewriter.insertionPoint = { kind: "before", op: consumer.op.id };
  const fused = buildGeneric(rewriter, {
    inputs,
    outputs: consumer.outputs,
    iterators: consumer.iterators,
    attributes: consumer.op.attributes,
    location: locationOf("fuse-elementwise", producer.op, consumer.op),
    body: (values, outputs) => {
      const cloner = new BodyCloner(rewriter);
      const count = producer.inputs.length;
      const ofProducer = new Map<ValueId, ValueId>();
      producer.inputs.forEach((_, index) => ofProducer.set(producer.arguments[index]!, values[input + index]!));
      const produced = cloner.clone(producer.op, ofProducer, (loop) =>
        buildAffine(rewriter, producerLoops[loop]!, cloner),
      );
      const ofConsumer = new Map<ValueId, ValueId>([[consumer.arguments[input]!, produced[0]!]]);
      consumer.inputs.forEach((_, index) => {
        if (index === input) return;
        ofConsumer.set(consumer.arguments[index]!, values[index < input ? index : index + count - 1]!);
      });
      outputs.forEach((output, index) => ofConsumer.set(consumer.arguments[consumer.inputs.length + index]!, output));
      return cloner.clone(consumer.op, ofConsumer, (loop) => cloner.index(loop));
    },
  });
  rewriter.replace(consumer.op, fused.results);
  return rewriter.operation(fused.id);
}

/** Computes an affine expression of the loops of the operation that is being built. */
function buildAffine(rewriter: Rewriter, expression: AffineExpression, cloner: BodyCloner): ValueId {
  switch (expression.kind) {
    case "dimension":
      return cloner.index(expression.position);
    case "constant":
      return arith.constant.build(
        rewriter,
        {},
        { value: integerAttribute(expression.value, indexType) },
        { resultTypes: [indexType] },
      ).result;
    case "symbol":
      throw new Error("the maps of structured operations on tensors have no symbols");
    default: {
      const lhs = buildAffine(rewriter, expression.left, cloner);
      const rhs = buildAffine(rewriter, expression.right, cloner);
      return affineOperations[expression.kind].build(rewriter, { lhs, rhs }, {}).result;
    }
  }
}

const affineOperations = {
  add: arith.addi,
  multiply: arith.muli,
  // Loop positions and the divisors of maps are not negative, so the unsigned remainder is the affine one.
  modulo: arith.remui,
  "floor-divide": arith.floordivsi,
  "ceiling-divide": arith.ceildivsi,
} as const;
