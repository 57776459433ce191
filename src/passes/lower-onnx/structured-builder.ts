import { identityMap } from "../../ir/affine.ts";
import { type Attribute, denseAttribute, resourceAttribute } from "../../ir/attributes.ts";
import { at, type InsertionPoint } from "../../ir/builder.ts";
import { arith, linalg, tensor as tensorDialect } from "../../ir/dialects/index.ts";
import type { IteratorType } from "../../ir/dialects/linalg.ts";
import type { ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { hostElementType, stringType, type TensorType, tensorType, type Type, typeOfElement } from "../../ir/types.ts";
import {
  allocateTensor,
  bytesOf,
  elementCount,
  type HostTensor,
  readElement,
  tensorFromNumbers,
} from "../../support/numeric/host-tensor.ts";
import { broadcastMap, broadcastShapes } from "./broadcast.ts";
import { reinterpret, signless } from "./element-types.ts";
import { LoweringRefused } from "./lowering.ts";
import { type Scalar, ScalarBuilder } from "./scalar-builder.ts";
import { type IndexedTensor, Tensor } from "./tensor.ts";

/** Constants of at least this many bytes live in the module's resources instead of in the attribute. */
const resourceThreshold = 1024;

/** Builds tensors out of known elements and out of loops over elements: what whole-tensor steps consist of. */
export class StructuredBuilder {
  readonly builder: Rewriter;
  /** Where constants are made: the start of the function, so that every later use is dominated. */
  readonly #constantPoint: () => InsertionPoint;
  /** Whether large constants become resources of the module; a scratch module that is run at once keeps them as they are. */
  readonly #resources: boolean;
  readonly #constants = new Map<HostTensor, ValueId>();

  constructor(builder: Rewriter, constantPoint: () => InsertionPoint, options: { readonly resources: boolean }) {
    this.builder = builder;
    this.#constantPoint = constantPoint;
    this.#resources = options.resources;
  }

  /** A handle on an IR value of static tensor type. One without elements is known. */
  wrap(value: ValueId, element?: Type): Tensor {
    const type = this.builder.typeOf(value) as TensorType;
    const shape = type.shape as readonly number[];
    const modelElement = element ?? type.element;
    const hostType = hostElementType(modelElement);
    const known = hostType !== undefined && shape.includes(0) ? allocateTensor(hostType, shape) : undefined;
    return new Tensor(shape, modelElement, () => value, known);
  }

  /** A tensor of known elements; `element` overrides the model's element type. `attribute` avoids making a new one for an old constant. */
  constant(host: HostTensor, element: Type = typeOfElement(host.elementType), attribute?: Attribute): Tensor {
    return new Tensor(host.shape, element, () => this.#materialize(host, element, attribute), host);
  }

  #materialize(host: HostTensor, element: Type, attribute: Attribute | undefined): ValueId {
    const known = this.#constants.get(host);
    if (known !== undefined) return known;
    const type = tensorType(host.shape, signless(element));
    const value = at(this.builder, this.#constantPoint(), () => {
      const stored = attribute ?? this.#constantAttribute(reinterpret(host, signless(element)), type);
      return arith.constant.build(this.builder, {}, { value: stored }, { resultTypes: [type] }).result;
    });
    this.#constants.set(host, value);
    return value;
  }

  #constantAttribute(host: HostTensor, type: TensorType): Attribute {
    if (host.elementType === "string") return denseAttribute(host, type);
    const bytes = bytesOf(host);
    if (!this.#resources || bytes.byteLength < resourceThreshold) return denseAttribute(host, type);
    const dense = denseAttribute(host, type);
    return dense.splat ? dense : resourceAttribute(this.builder.addResource(bytes), type);
  }

  /** A constant from numbers. */
  numbers(values: readonly (number | bigint)[], element: Type, shape: readonly number[] = [values.length]): Tensor {
    return this.constant(tensorFromNumbers(hostElementType(element)!, shape, values), element);
  }
  /** A constant with one value everywhere. */
  splat(value: number | bigint, element: Type, shape: readonly number[] = []): Tensor {
    return this.numbers(
      Array.from({ length: elementCount(shape) }, () => value),
      element,
      shape,
    );
  }

  #empty(shape: readonly number[], element: Type): ValueId {
    return tensorDialect.empty.build(this.builder, {}, {}, { resultTypes: [tensorType(shape, signless(element))] })
      .result;
  }

  /** A tensor of which nothing but its type is known. */
  unknown(shape: readonly number[], element: Type): Tensor {
    return this.wrap(this.#empty(shape, element), element);
  }

  /** A tensor whose every element is the scalar, which must be defined outside any structured body. */
  fill(scalar: Scalar, shape: readonly number[]): Tensor {
    const output = this.#empty(shape, scalar.type);
    const type = signless(scalar.type);
    const { results } = linalg.fill.build(
      this.builder,
      { inputs: [scalar.value], outputs: [output] },
      {},
      {
        regions: {
          region: [
            {
              arguments: [type, type],
              body: (b, [value]) => void linalg.yield.build(b, { values: [value!] }, {}),
            },
          ],
        },
      },
    );
    return this.wrap(results[0]!, scalar.type);
  }

  /** `fill` with a number. */
  filled(value: number | bigint, element: Type, shape: readonly number[]): Tensor {
    return this.fill(this.scalars.constant(value, element), shape);
  }

  /** Scalar operations at the present insertion point, outside any structured body. */
  get scalars(): ScalarBuilder {
    return new ScalarBuilder(this.builder);
  }

  /**
   * One `linalg.generic`. `outputs` are the initial values (their elements are the body's last arguments); the body returns one
   * scalar for each. `body`'s `s.loopIndex(d)` gives positions and `s.load(tensor, …)` reads any tensor at computed indices.
   */
  generic(spec: {
    readonly inputs: readonly IndexedTensor[];
    readonly outputs: readonly IndexedTensor[];
    readonly iterators: readonly IteratorType[];
    readonly body: (s: ScalarBuilder, inputs: readonly Scalar[], outputs: readonly Scalar[]) => readonly Scalar[];
  }): readonly Tensor[] {
    // A known single value becomes a constant in the body: no load, and the body can be simplified.
    const isInlined = ({ tensor, map }: IndexedTensor): boolean =>
      tensor.constant !== undefined &&
      tensor.element !== stringType &&
      tensor.size === 1 &&
      map.results.every((result) => result.kind === "constant");
    const loaded = spec.inputs.filter((input) => !isInlined(input));
    const operands = [...loaded, ...spec.outputs];
    const { results } = linalg.generic.build(
      this.builder,
      {
        inputs: loaded.map(({ tensor }) => tensor.value),
        outputs: spec.outputs.map(({ tensor }) => tensor.value),
      },
      { indexing_maps: operands.map(({ map }) => map), iterator_types: spec.iterators },
      {
        regions: {
          region: [
            {
              arguments: operands.map(({ tensor }) => signless(tensor.element)),
              body: (b, values) => {
                const scalars = values.map((value, index) => ({ value, type: operands[index]!.tensor.element }));
                const s = new ScalarBuilder(b);
                const inputs = spec.inputs.map((input) =>
                  isInlined(input)
                    ? s.constant(readElement(input.tensor.constant!, 0) as number | bigint, input.tensor.element)
                    : scalars[loaded.indexOf(input)]!,
                );
                const yielded = spec.body(s, inputs, scalars.slice(loaded.length));
                linalg.yield.build(b, { values: yielded.map((scalar) => scalar.value) }, {});
              },
            },
          ],
        },
      },
    );
    return results.map((result, index) => this.wrap(result, spec.outputs[index]!.tensor.element));
  }

  /** An output of unspecified contents for `generic`. */
  emptyOutput(shape: readonly number[], element: Type): Tensor {
    return new Tensor(shape, element, () => this.#empty(shape, element));
  }

  /** Element by element with NumPy's broadcasting; shapes that do not fit throw. */
  elementwise(
    inputs: readonly Tensor[],
    element: Type,
    body: (s: ScalarBuilder, ...values: readonly Scalar[]) => Scalar,
  ): Tensor {
    const shape = broadcastShapes(inputs.map((input) => input.shape));
    if (!shape)
      throw new LoweringRefused(
        "invalid",
        `shapes ${inputs.map((input) => `[${input.shape}]`).join(" and ")} do not broadcast`,
      );
    return this.generic({
      inputs: inputs.map((tensor) => ({ tensor, map: broadcastMap(tensor.shape, shape) })),
      outputs: [{ tensor: this.emptyOutput(shape, element), map: identityMap(shape.length) }],
      iterators: shape.map(() => "parallel"),
      body: (s, values) => [body(s, ...values)],
    })[0]!;
  }

  /** One operand, element by element. */
  map(x: Tensor, body: (s: ScalarBuilder, value: Scalar) => Scalar, element: Type = x.element): Tensor {
    return this.elementwise([x], element, (s, value) => body(s, value!));
  }

  /** A tensor whose elements a body computes from their indices. */
  compute(
    shape: readonly number[],
    element: Type,
    body: (s: ScalarBuilder, indices: readonly Scalar[]) => Scalar,
  ): Tensor {
    return this.generic({
      inputs: [],
      outputs: [{ tensor: this.emptyOutput(shape, element), map: identityMap(shape.length) }],
      iterators: shape.map(() => "parallel"),
      body: (s) => [
        body(
          s,
          shape.map((_, axis) => s.loopIndex(axis)),
        ),
      ],
    })[0]!;
  }
}
