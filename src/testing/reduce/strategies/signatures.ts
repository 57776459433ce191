import { arrayAttribute, type Attributes, typeAttribute } from "../../../ir/attributes.ts";
import { cf } from "../../../ir/dialects/cf.ts";
import { func } from "../../../ir/dialects/index.ts";
import { type OpId, type Operation, walk } from "../../../ir/module.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { symbolNameOf } from "../../../ir/symbols.ts";
import { type FunctionType, functionType } from "../../../ir/types.ts";
import { hasBlock, type ProgramIndex } from "../program-index.ts";
import type { Edit, Strategy } from "../strategy.ts";
import { keepResults } from "./values.ts";

function signatureOf(op: Operation): FunctionType | undefined {
  const type = op.properties["function_type"];
  return type?.kind === "type" && type.type.kind === "function" ? type.type : undefined;
}

const functionsOf = (index: ProgramIndex): readonly Operation[] =>
  index.operations.filter((op) => op.name === func.func.name && signatureOf(op) !== undefined);

/** The calls of a function; undefined when it is named in another way, so that its type cannot change. */
function callsOf(index: ProgramIndex, rewriter: Rewriter, name: string): readonly Operation[] | undefined {
  const users = index.usersOf(name).filter((user) => rewriter.exists(user));
  const calls = [...new Set(users)].map((user) => rewriter.operation(user));
  return calls.every((user) => user.name === func.call.name) ? calls : undefined;
}

function withoutElement(properties: Attributes, name: string, position: number): Attributes {
  const list = properties[name];
  return list?.kind === "array"
    ? { ...properties, [name]: arrayAttribute(list.elements.toSpliced(position, 1)) }
    : properties;
}

/** Drops arguments of functions that their bodies do not read. */
export const functionArguments: Strategy = {
  name: "drop arguments of functions",
  edits: (index) =>
    functionsOf(index).flatMap((op) =>
      signatureOf(op)!
        .inputs.map(
          (_, position): Edit =>
            (rewriter) =>
              dropInput(index, rewriter, op.id, position),
        )
        .reverse(),
    ),
};

function dropInput(index: ProgramIndex, rewriter: Rewriter, id: OpId, position: number): void {
  if (!rewriter.exists(id)) return;
  const op = rewriter.operation(id);
  const { inputs, results } = signatureOf(op)!;
  const calls = callsOf(index, rewriter, symbolNameOf(op)!);
  const entry = op.regions[0]?.[0];
  if (calls === undefined || position >= inputs.length) return;
  if (entry !== undefined) {
    const argument = rewriter.block(entry).arguments[position];
    if (argument === undefined || rewriter.useCount(argument) > 0) return;
    rewriter.eraseArguments(entry, new Set([position]));
  }
  const type = typeAttribute(functionType(inputs.toSpliced(position, 1), results));
  const properties = withoutElement({ ...op.properties, function_type: type }, "arg_attrs", position);
  rewriter.update(id, { properties });
  for (const call of calls) rewriter.setOperands(call.id, call.operands.toSpliced(position, 1));
}

/** Drops results of functions that no call reads. */
export const functionResults: Strategy = {
  name: "drop results of functions",
  edits: (index) =>
    functionsOf(index).flatMap((op) =>
      signatureOf(op)!
        .results.map(
          (_, position): Edit =>
            (rewriter) =>
              dropOutput(index, rewriter, op.id, position),
        )
        .reverse(),
    ),
};

function dropOutput(index: ProgramIndex, rewriter: Rewriter, id: OpId, position: number): void {
  if (!rewriter.exists(id)) return;
  const op = rewriter.operation(id);
  const { inputs, results } = signatureOf(op)!;
  const calls = callsOf(index, rewriter, symbolNameOf(op)!);
  if (calls === undefined || position >= results.length) return;
  if (calls.some((call) => rewriter.useCount(call.results[position]!) > 0)) return;
  const returns = [...walk(rewriter, id)].filter((inner) => inner.name === func.return.name);
  const type = typeAttribute(functionType(inputs, results.toSpliced(position, 1)));
  const properties = withoutElement({ ...op.properties, function_type: type }, "res_attrs", position);
  rewriter.update(id, { properties });
  for (const end of returns) rewriter.setOperands(end.id, end.operands.toSpliced(position, 1));
  for (const call of calls) keepResults(rewriter, call.id, call.results.toSpliced(position, 1));
}

/** Drops arguments of blocks that nothing reads, with what branches give to them. */
export const blockArguments: Strategy = {
  name: "drop arguments of blocks",
  edits: (index) =>
    index.operations
      .filter((op) => op.name !== func.func.name)
      .concat(functionsOf(index))
      .flatMap((op) =>
        op.regions.flatMap((region, number) =>
          region.slice(op.name === func.func.name ? 1 : 0).flatMap((block) =>
            index.reader
              .block(block)
              .arguments.map(
                (_, position): Edit =>
                  (rewriter) =>
                    dropArgument(rewriter, op.id, number, block, position),
              )
              .reverse(),
          ),
        ),
      ),
};

function dropArgument(rewriter: Rewriter, op: OpId, region: number, block: number, position: number): void {
  if (!rewriter.exists(op)) return;
  const target = rewriter.operation(op).regions[region]?.find((other) => other === block);
  if (target === undefined || !hasBlock(rewriter, target)) return;
  const argument = rewriter.block(target).arguments[position];
  if (argument === undefined || rewriter.useCount(argument) > 0) return;
  const ends = rewriter
    .operation(op)
    .regions[region]!.map((other) => rewriter.block(other).operations.at(-1))
    .filter((end) => end !== undefined)
    .map((end) => rewriter.operation(end))
    .filter((end) => end.successors.includes(target));
  // Which operands of an unknown branch are for which block is not known.
  if (ends.some((end) => end.name !== cf.br.name && end.name !== cf.cond_br.name)) return;
  for (const end of ends) dropPassed(rewriter, end, target, position);
  rewriter.eraseArguments(target, new Set([position]));
}

function dropPassed(rewriter: Rewriter, end: Operation, target: number, position: number): void {
  const counts = end.successors.map((block) => rewriter.block(block).arguments.length);
  const first = end.name === cf.br.name ? 0 : 1;
  const dropped = new Set<number>();
  end.successors.forEach((successor, index) => {
    if (successor !== target) return;
    dropped.add(first + counts.slice(0, index).reduce((sum, count) => sum + count, 0) + position);
  });
  const sizes = end.properties["operandSegmentSizes"];
  if (sizes?.kind === "dense-array") {
    const values = sizes.values.map((size, segment) =>
      segment > 0 && end.successors[segment - 1] === target ? Number(size) - 1 : size,
    );
    rewriter.update(end.id, { properties: { ...end.properties, operandSegmentSizes: { ...sizes, values } } });
  }
  rewriter.setOperands(
    end.id,
    end.operands.filter((_, index) => !dropped.has(index)),
  );
}
