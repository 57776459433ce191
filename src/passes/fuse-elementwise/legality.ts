import { type AffineExpression, affineMap, type AffineMap, substituteAffine } from "../../ir/affine.ts";
import type { IrReader, Use } from "../../ir/module.ts";
import {
  bodyCost,
  bodySize,
  boundsAllLoops,
  type IndexedOperand,
  isElementwise,
  isParallel,
  readStructured,
  type StructuredOp,
} from "../structured/generic.ts";
import { anchorOf, isContraction, pointCount, reuseOf } from "../structured/reuse.ts";

/** Limits on what is made. */
export interface FusionLimits {
  /** Operations of a body that do work. */
  readonly maxOps: number;
  readonly maxInputs: number;
}

/** An element-wise producer and the operand of the consumer that reads it. */
export interface Fusion {
  readonly producer: StructuredOp;
  readonly consumer: StructuredOp;
  readonly input: number;
  /** The fused operation's inputs. */
  readonly inputs: readonly IndexedOperand[];
  /** The producer's inputs come at this position of `inputs`, in place of its result. */
  readonly producerLoops: readonly AffineExpression[];
}

/** A producer that computes each element with at most this many cheap operations may be computed again at each reading. */
const cheapOperations = 3;

/** The fusion of the producer of one of a consumer's inputs, where it is legal and no loss. */
export function findFusion(
  reader: IrReader,
  consumer: StructuredOp,
  input: number,
  limits: FusionLimits,
): Fusion | undefined {
  const fusion = legalFusion(reader, consumer, input, limits);
  return fusion && pays(reader, fusion, limits) ? fusion : undefined;
}

function legalFusion(
  reader: IrReader,
  consumer: StructuredOp,
  input: number,
  limits: FusionLimits,
): Fusion | undefined {
  const operand = consumer.inputs[input]!;
  const definition = reader.definition(operand.value);
  if (!definition || definition.parent !== consumer.op.parent) return undefined;
  const producer = readStructured(reader, definition);
  if (!producer || producer.outputs.length !== 1 || !isElementwise(reader, producer)) return undefined;
  const producerLoops = loopsAt(producer.outputs[0]!.map, operand.map);
  const through = ({ value, map }: IndexedOperand): IndexedOperand => ({
    value,
    map: affineMap(
      consumer.bounds.length,
      map.results.map((result) => substituteAffine(result, producerLoops)),
    ),
  });
  const inputs = consumer.inputs.toSpliced(input, 1, ...producer.inputs.map(through));
  if (distinctCount(inputs) > Math.max(limits.maxInputs, distinctCount(consumer.inputs))) return undefined;
  if (bodySize(reader, producer.op) + bodySize(reader, consumer.op) > limits.maxOps) return undefined;
  const maps = [...inputs, ...consumer.outputs].map(({ map }) => map);
  if (!boundsAllLoops(consumer.bounds.length, maps)) return undefined;
  return { producer, consumer, input, inputs, producerLoops };
}

/** The producer's loops as expressions of the consumer's: where the consumer reads, the producer wrote. */
function loopsAt(written: AffineMap, read: AffineMap): readonly AffineExpression[] {
  const loops: AffineExpression[] = [];
  written.results.forEach((result, dimension) => {
    if (result.kind === "dimension") loops[result.position] = read.results[dimension]!;
  });
  return loops;
}

const distinctCount = (operands: readonly IndexedOperand[]): number =>
  new Set(operands.map(({ value, map }) => `${value} ${map.text}`)).size;

function pays(reader: IrReader, { producer, consumer, input }: Fusion, limits: FusionLimits): boolean {
  const operand = consumer.inputs[input]!;
  const uses = reader.uses(operand.value);
  const isCopy = bodySize(reader, producer.op) === 0;
  // Part of the reduction before it, the producer costs nothing; part of a later loop nest, its operand goes through memory.
  const anchored = anchorOf(reader, producer) !== undefined;
  if (anchored && (uses.length > 1 || !isParallel(consumer))) return false;
  if (!isCopy && isContraction(reader, consumer)) return false;
  const repeated = reuseOf(reader, consumer, operand) > 1;
  if (repeated && (anchored || bodyCost(reader, producer.op) > cheapOperations)) return false;
  if (uses.length === 1) return true;
  if (bodyCost(reader, producer.op) > cheapOperations) return false;
  return readsLittle(producer, reader) || uses.every((use) => fusesAt(reader, use, limits));
}

/** Whether the inputs are much smaller than the result: reading them again is cheaper than reading the result. */
function readsLittle(producer: StructuredOp, reader: IrReader): boolean {
  const points = pointCount(producer);
  const read = producer.inputs.reduce((sum, input) => sum + points / reuseOf(reader, producer, input), 0);
  return 2 * read <= points;
}

/** Whether a producer can be fused into one of its users, so that after all of them it is gone. */
function fusesAt(reader: IrReader, use: Use, limits: FusionLimits): boolean {
  const user = readStructured(reader, reader.operation(use.op));
  if (!user || use.index >= user.inputs.length || !isParallel(user)) return false;
  if (reuseOf(reader, user, user.inputs[use.index]!) > 1) return false;
  return legalFusion(reader, user, use.index, limits) !== undefined;
}
