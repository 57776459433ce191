import { vector } from "../../ir/dialects/vector.ts";
import type { ValueId } from "../../ir/module.ts";
import { type MemRefType, vectorType } from "../../ir/types.ts";
import { type Access, anchorOf, isArgumentRead, loopsOf } from "../kernels/group.ts";
import { buildNest } from "../loops/loop-nest.ts";
import { combiningOfAnchor } from "./lane-support.ts";
import { type Lane, uniform, varying } from "./lanes.ts";
import type { NestState } from "./nest-state.ts";
import { strideAlong } from "./operand-access.ts";
import { runBody } from "./stage-body.ts";
import type { TileElements } from "./tile-elements.ts";
import type { Chunk, Point } from "./tile-shape.ts";

/** Reductions whose vector loop is itself reduced: partial results in the lanes of several vectors, combined at the end. */
export class LaneReduction {
  readonly #state: NestState;
  readonly #elements: TileElements;

  constructor(state: NestState, elements: TileElements) {
    this.#state = state;
    this.#elements = elements;
  }

  /** Several vectors of partial results, combined at the end; what is left over in narrower ones. */
  reduce(points: readonly Point[], initial: readonly ValueId[]): readonly ValueId[] {
    const { lanes, accumulators } = this.#state.schedule;
    const loop = this.#state.vectorLoop;
    const size = this.#state.bounds[loop]!;
    const outer = loopsOf(this.#state.group, "reduction").filter((other) => other !== loop);
    const pieces: { readonly start: number; readonly end: number; readonly lanes: number; readonly count: number }[] =
      [];
    let start = 0;
    for (let width = lanes; width >= 1; width /= 2)
      for (const count of width === lanes ? [accumulators, 1] : [1]) {
        const end = start + Math.floor((size - start) / (width * count)) * width * count;
        if (end > start) pieces.push({ start, end, lanes: width, count });
        start = end;
      }
    return points.map((point, slot) => {
      let total = initial[slot]!;
      for (const piece of pieces) total = this.#reducePiece(point, piece, outer, total);
      return total;
    });
  }

  #reducePiece(
    point: Point,
    piece: { readonly start: number; readonly end: number; readonly lanes: number; readonly count: number },
    outer: readonly number[],
    total: ValueId,
  ): ValueId {
    const rewriter = this.#state.rewriter;
    const combining = combiningOfAnchor(rewriter, this.#state.group)!;
    const type = rewriter.typeOf(total);
    const { lanes, count } = piece;
    const neutral = combining.neutral(type);
    const start =
      lanes === 1 ? this.#state.lanes.constantOf(neutral, type) : this.#state.lanes.splat(neutral, type, lanes);
    const ranges = [
      ...outer.map((loop) => ({ upper: this.#state.bounds[loop]! })),
      { lower: piece.start, upper: piece.end, step: lanes * count },
    ];
    const partial = buildNest(
      this.#state.arithmetic,
      ranges,
      Array.from({ length: count }, () => start),
      (indices, carried) => {
        outer.forEach((loop, at) => (this.#state.indices[loop] = indices[at]!));
        return carried.map((value, part) => {
          this.#elements.forget();
          this.#state.indices[this.#state.vectorLoop] = this.#state.arithmetic.add(
            indices.at(-1)!,
            this.#state.arithmetic.constant(part * lanes),
          );
          return this.#combineAlong(point, lanes, { value, isVector: lanes > 1 });
        });
      },
    );
    this.#elements.forget();
    const combine = (lhs: ValueId, rhs: ValueId): ValueId =>
      rewriter.create({ name: combining.operation, operands: [lhs, rhs], resultTypes: [rewriter.typeOf(lhs)] })
        .results[0]!;
    const one = partial.reduce(combine);
    const reduced =
      lanes === 1 ? one : vector.reduction.build(rewriter, { vector: one }, { kind: combining.kind }).dest;
    return combine(total, reduced);
  }

  /** One step along the vector loop: inputs that move with it are vectors. */
  #combineAlong(point: Point, lanes: number, total: Lane): ValueId {
    const rewriter = this.#state.rewriter;
    const anchor = anchorOf(this.#state.group);
    const chunk: Chunk = { offset: 0, lanes };
    const inputs = anchor.inputs.map((access, position): Lane | undefined => {
      if (!isArgumentRead(rewriter, anchor, position)) return undefined;
      const stride = strideAlong(rewriter, access, this.#state.vectorLoop)!;
      if (rewriter.typeOf(access.value).kind !== "memref") return uniform(access.value);
      if (lanes === 1 || stride.kind === "same") return uniform(this.#state.loadOne(access, point, chunk, 0));
      const { element } = rewriter.typeOf(access.value) as MemRefType;
      if (stride.kind === "along" && stride.factor === 1) {
        const indices = this.#state.places(access, point, chunk, 0);
        return varying(
          vector.load.build(
            rewriter,
            { base: access.value, indices },
            {},
            { resultTypes: [vectorType([lanes], element)] },
          ).result,
        );
      }
      return varying(this.#gatherAlong(access, point, lanes));
    });
    return this.#state.lanes.spread(runBody(this.#state, anchor, [...inputs, total], point, chunk)[0]!, lanes);
  }

  #gatherAlong(access: Access, point: Point, lanes: number): ValueId {
    const chunk: Chunk = { offset: 0, lanes };
    const base = this.#state.indices[this.#state.vectorLoop]!;
    let gathered: ValueId | undefined;
    for (let lane = 0; lane < lanes; lane++) {
      this.#state.indices[this.#state.vectorLoop] = this.#state.arithmetic.add(
        base,
        this.#state.arithmetic.constant(lane),
      );
      const element = this.#state.loadOne(access, point, chunk, 0);
      gathered =
        gathered === undefined
          ? this.#state.lanes.spread(uniform(element), lanes)
          : vector.insert.build(
              this.#state.rewriter,
              { valueToStore: element, dest: gathered },
              { static_position: [lane] },
            ).result;
    }
    this.#state.indices[this.#state.vectorLoop] = base;
    return gathered!;
  }
}
