import { attributesKey } from "../../ir/analysis/attribute-key.ts";
import { linalg, tensor } from "../../ir/dialects/index.ts";
import type { IrReader, Operation, ValueId } from "../../ir/module.ts";

/**
 * A text that operations have in common when they compute the same: name, operands, attributes, types and regions, values made
 * inside the regions named by their place. New tensors of unspecified contents, and tensors filled with one scalar, count by what
 * is in them: each user has its own, since it will write there.
 */
export function structuralKey(reader: IrReader, op: Operation): string {
  return keyOf(reader, op, new Map());
}

function keyOf(reader: IrReader, op: Operation, inner: Map<ValueId, string>): string {
  const operands = op.operands.map((operand) => inner.get(operand) ?? contentKey(reader, operand));
  const types = op.results.map((result) => reader.typeOf(result).text);
  const head = `${op.name}(${operands.join()})${attributesKey(op.properties)}${attributesKey(op.attributes)}:${types.join()}`;
  if (op.regions.length === 0) return head;
  return `${head}(${op.regions.map((region) => region.map((block) => blockKey(reader, block, inner)).join("^")).join("|")})`;
}

function blockKey(reader: IrReader, id: Operation["successors"][number], inner: Map<ValueId, string>): string {
  const block = reader.block(id);
  const name = (value: ValueId): void => void inner.set(value, `$${inner.size}`);
  block.arguments.forEach(name);
  const types = block.arguments.map((argument) => reader.typeOf(argument).text);
  const operations = block.operations.map((operation) => {
    const op = reader.operation(operation);
    const key = keyOf(reader, op, inner);
    op.results.forEach(name);
    return key;
  });
  return `{${types.join()};${operations.join(";")}}`;
}

/** A text that values have in common when the same is in them. */
export function contentKey(reader: IrReader, value: ValueId): string {
  const definition = reader.definition(value);
  if (!definition) return `%${value}`;
  const type = reader.typeOf(value).text;
  if (tensor.empty.match(reader, definition) && definition.operands.length === 0) return `empty ${type}`;
  const fill = linalg.fill.match(reader, definition);
  const [filled] = fill?.operands.outputs ?? [];
  if (filled === undefined || !tensor.empty.match(reader, reader.definition(filled))) return `%${value}`;
  return `fill %${fill!.operands.inputs[0]} ${type}`;
}
