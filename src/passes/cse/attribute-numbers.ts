import { attributesKey } from "../../ir/analysis/attribute-key.ts";
import { type Attributes, noAttributes } from "../../ir/attributes.ts";

/** A number for each set of named attributes, the same for equal ones (but for a collision of the hashes of large constants). */
export class AttributeNumbers {
  readonly #known = new WeakMap<Attributes, number>();
  readonly #byKey = new Map<string, number>([["{}", 0]]);

  of(attributes: Attributes): number {
    if (attributes === noAttributes) return 0;
    let number = this.#known.get(attributes);
    if (number === undefined) {
      const key = attributesKey(attributes);
      number = this.#byKey.get(key);
      if (number === undefined) this.#byKey.set(key, (number = this.#byKey.size));
      this.#known.set(attributes, number);
    }
    return number;
  }
}
