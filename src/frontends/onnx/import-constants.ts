import { type Attribute, denseAttribute, resourceAttribute } from "../../ir/attributes.ts";
import type { Builder } from "../../ir/builder.ts";
import { arith } from "../../ir/dialects/arith.ts";
import type { ValueId } from "../../ir/module.ts";
import { type TensorType, tensorType, typeOfElement } from "../../ir/types.ts";
import type { Location } from "../../support/location.ts";
import type { HostTensor } from "../../support/numeric/host-tensor.ts";

/** Constants of this many bytes and more are resources, unless all their elements are equal. */
const resourceBytes = 1024;

/** Makes `arith.constant`s of tensors; equal tensors share one. The bytes are views of the tensors' storage, not copies. */
export class ConstantImporter {
  readonly #builder: Builder;
  readonly #known = new Map<string, ValueId>();

  constructor(builder: Builder) {
    this.#builder = builder;
  }

  /** The value of a tensor; `location` is kept where the constant is new. */
  constant(tensor: HostTensor, location: Location): ValueId {
    const type = tensorType(tensor.shape, typeOfElement(tensor.elementType));
    const { value, contents } = this.#attribute(tensor, type);
    const key = `${type.text} ${contents}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { result } = arith.constant.build(this.#builder, {}, { value }, { resultTypes: [type], location });
    this.#known.set(key, result);
    return result;
  }

  /** The attribute, and a text that tells contents of one type apart. */
  #attribute(tensor: HostTensor, type: TensorType): { readonly value: Attribute; readonly contents: string } {
    const value = denseAttribute(tensor, type);
    const { data } = value;
    if (!ArrayBuffer.isView(data)) return { value, contents: JSON.stringify(data) };
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    if (bytes.length < resourceBytes) return { value, contents: Buffer.from(bytes).toString("base64") };
    const key = this.#builder.addResource(bytes);
    return { value: resourceAttribute(key, type), contents: key };
  }
}
