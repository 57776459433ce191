import type { AffineMap } from "../../ir/affine.ts";
import type { ValueId } from "../../ir/module.ts";
import type { Type } from "../../ir/types.ts";
import { elementCount, type HostTensor } from "../../support/numeric/host-tensor.ts";

/** A tensor while a graph is being lowered: its static shape, the model's element type, and its value if that is known. */
export class Tensor {
  readonly kind = "tensor";
  readonly shape: readonly number[];
  /** The model's element type: may be unsigned although the IR's is signless. */
  readonly element: Type;
  /** The elements, where they are known at compile time. */
  readonly constant: HostTensor | undefined;
  readonly #value: () => ValueId;
  #made: ValueId | undefined;

  constructor(shape: readonly number[], element: Type, value: () => ValueId, constant?: HostTensor) {
    this.shape = shape;
    this.element = element;
    this.constant = constant;
    this.#value = value;
  }
  /** The IR value. Constants are made when first asked for. */
  get value(): ValueId {
    return (this.#made ??= this.#value());
  }
  get rank(): number {
    return this.shape.length;
  }
  get size(): number {
    return elementCount(this.shape);
  }
}

/** One operand of a structured computation: a tensor and how the loops index it. */
export interface IndexedTensor {
  readonly tensor: Tensor;
  readonly map: AffineMap;
}
