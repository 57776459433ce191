import { scf } from "../../ir/dialects/index.ts";
import { type BlockId, type Module, type Operation, type OpId, type ValueId, walk } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import type { Type, VectorType } from "../../ir/types.ts";
import { CompileError, defineDiagnostics, message } from "../../support/diagnostic.ts";
import { pass } from "../pass.ts";
import { type LaneContext, laneRules, type Lanes, laneTotal } from "./scalarize-rules.ts";

const diagnostics = defineDiagnostics("scalarize-vectors", {
  unsupported: {
    severity: "error",
    message: message`${"op"} on ${"type"} cannot be spelled out lane by lane`,
    help: "compile for a target with vectors, or without vectorization",
  },
});

const isVector = (type: Type): type is VectorType => type.kind === "vector" && type.scalable.length === 0;

/** Replaces vectors by their lanes, one operation after the other; the old operations are erased at the end. */
class Scalarizer {
  readonly #rewriter: Rewriter;
  readonly #lanes = new Map<ValueId, Lanes>();
  readonly #replaced: Operation[] = [];
  readonly #blocks = new Set<BlockId>();
  count = 0;

  constructor(rewriter: Rewriter) {
    this.#rewriter = rewriter;
  }

  #typeOf(value: ValueId): Type {
    return this.#rewriter.typeOf(value);
  }
  #of(op: Operation, value: ValueId): Lanes {
    return this.#lanes.get(value) ?? this.#refuse(op);
  }
  #refuse(op: Operation): never {
    const type = [...op.results, ...op.operands].map((value) => this.#typeOf(value)).find(isVector)?.text ?? "vector";
    throw new CompileError([diagnostics.at("unsupported", op.location, { op: op.name, type })]);
  }
  /** A value as it is, or as its lanes. */
  #expand(op: Operation, value: ValueId): Lanes {
    return isVector(this.#typeOf(value)) ? this.#of(op, value) : [value];
  }
  /** Carried values in their new order: scalars first, then the lanes of every vector. */
  #carried(op: Operation, values: readonly ValueId[]): readonly ValueId[] {
    const scalars = values.filter((value) => !isVector(this.#typeOf(value)));
    const vectors = values.filter((value) => isVector(this.#typeOf(value)));
    return [...scalars, ...vectors.flatMap((value) => this.#expand(op, value))];
  }
  #carriedTypes(types: readonly Type[]): readonly Type[] {
    const scalars = types.filter((type) => !isVector(type));
    const vectors = types.filter(isVector);
    return [...scalars, ...vectors.flatMap((type) => Array.from({ length: laneTotal(type) }, () => type.element))];
  }
  /** Tells vectors among `values` their lanes: what follows the scalars in `expanded`. */
  #assign(values: readonly ValueId[], expanded: readonly ValueId[]): void {
    let next = values.filter((value) => !isVector(this.#typeOf(value))).length;
    for (const value of values) {
      const type = this.#typeOf(value);
      if (!isVector(type)) continue;
      this.#lanes.set(value, expanded.slice(next, next + laneTotal(type)));
      next += laneTotal(type);
    }
  }

  visit(op: Operation): void {
    const touches = (value: ValueId): boolean => isVector(this.#typeOf(value));
    const rewriter = this.#rewriter;
    const hasVectorArguments = op.regions.some((region) =>
      region.some((block) => rewriter.block(block).arguments.some(touches)),
    );
    if (!op.operands.some(touches) && !op.results.some(touches) && !hasVectorArguments) return;
    rewriter.insertionPoint = { kind: "before", op: op.id };
    rewriter.location = op.location;
    this.count++;
    if (op.regions.length > 0) this.#regionOp(op);
    else if (op.name === scf.yield.name) rewriter.setOperands(op.id, this.#carried(op, op.operands));
    else if (op.name === scf.condition.name)
      rewriter.setOperands(op.id, [op.operands[0]!, ...this.#carried(op, op.operands.slice(1))]);
    else {
      this.#plainOp(op);
      this.#replaced.push(op);
    }
  }

  /** A loop or branch with carried vectors: a new one that carries lanes, with the old one's regions. */
  #regionOp(op: Operation): void {
    const rewriter = this.#rewriter;
    const fixed =
      op.name === scf.for.name ? 3 : op.name === scf.if.name ? 1 : op.name === scf.while.name ? 0 : undefined;
    if (fixed === undefined) this.#refuse(op);
    const made = rewriter.create({
      name: op.name,
      operands: [...op.operands.slice(0, fixed), ...this.#carried(op, op.operands.slice(fixed))],
      resultTypes: this.#carriedTypes(op.results.map((result) => this.#typeOf(result))),
      properties: op.properties,
      attributes: op.attributes,
    });
    op.regions.forEach((region, index) => {
      rewriter.moveRegion(op.id, index, made.id, index);
      for (const block of region) this.#blockArguments(block);
    });
    this.#assign(op.results, made.results);
    const scalars = made.results.slice(0, op.results.filter((result) => !isVector(this.#typeOf(result))).length);
    let next = 0;
    for (const result of op.results)
      if (!isVector(this.#typeOf(result))) rewriter.replaceAllUses(result, scalars[next++]!);
    this.#replaced.push(op);
  }

  #blockArguments(block: BlockId): void {
    const rewriter = this.#rewriter;
    const before = rewriter.block(block).arguments;
    for (const value of before) {
      const type = this.#typeOf(value);
      if (!isVector(type)) continue;
      const lanes = Array.from({ length: laneTotal(type) }, () => rewriter.appendArgument(block, type.element));
      this.#lanes.set(value, lanes);
      this.#blocks.add(block);
    }
  }

  #plainOp(op: Operation): void {
    const rewriter = this.#rewriter;
    const [result] = op.results;
    const type = result === undefined ? undefined : this.#typeOf(result);
    const set = (lanes: Lanes) => {
      if (result === undefined) return;
      if (type !== undefined && isVector(type)) this.#lanes.set(result, lanes);
      else rewriter.replaceAllUses(result, lanes[0]!);
    };
    const operands = op.operands.map((value) => this.#expand(op, value));
    const special = laneRules[op.name];
    const context: LaneContext = { builder: rewriter, op, operands, result: type, refuse: () => this.#refuse(op) };
    if (special) return set(special(context));
    if (type === undefined || !isVector(type) || !(op.name.startsWith("arith.") || op.name.startsWith("math.")))
      return this.#refuse(op);
    if (op.results.length !== 1) return this.#refuse(op);
    const vectors = op.operands.map((value) => isVector(this.#typeOf(value)));
    set(
      Array.from(
        { length: laneTotal(type) },
        (_, lane) =>
          rewriter.create({
            name: op.name,
            operands: operands.map((lanes, index) => (vectors[index] ? lanes[lane]! : lanes[0]!)),
            resultTypes: [type.element],
            properties: op.properties,
            attributes: op.attributes,
          }).results[0]!,
      ),
    );
  }

  /** Erases what was replaced. */
  finish(): void {
    const rewriter = this.#rewriter;
    for (const op of this.#replaced.toReversed()) rewriter.erase(rewriter.operation(op.id));
    for (const block of this.#blocks) {
      const vectors = rewriter
        .block(block)
        .arguments.flatMap((value, index) => (isVector(this.#typeOf(value)) ? [index] : []));
      rewriter.eraseArguments(block, new Set(vectors));
    }
  }
}

/** Spells out the vectors of an operation's regions. @returns how many operations that took */
export function scalarizeInside(rewriter: Rewriter, root: OpId): number {
  const scalarizer = new Scalarizer(rewriter);
  for (const { id } of Array.from(walk(rewriter, root)))
    if (id !== root && rewriter.exists(id)) scalarizer.visit(rewriter.operation(id));
  scalarizer.finish();
  return scalarizer.count;
}

/** Spells vectors out as their lanes, for targets that have none. Carried vectors become many carried scalars. */
export const scalarizeVectors = pass({
  name: "scalarize-vectors",
  summary: "replace vectors by scalars, one for each lane",
  anchors: ["builtin.module"],
  statistics: { scalarized: "operations spelled out" },
  run(module: Module, _options, context) {
    const rewriter = new Rewriter(module);
    context.count("scalarized", scalarizeInside(rewriter, rewriter.root));
    return context.commit(rewriter);
  },
});
