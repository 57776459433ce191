import { type Attribute, sameAttribute } from "../../ir/attributes.ts";
import { at } from "../../ir/builder.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { attributeOf, bodyOf } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import type { MemRefType } from "../../ir/types.ts";

/** The constant buffers of a module: equal constants share one. */
export class Globals {
  readonly #rewriter: Rewriter;
  readonly #known = new Map<string, { readonly value: Attribute; readonly name: string }[]>();
  readonly #taken = new Set<string>();
  #count = 0;

  constructor(rewriter: Rewriter) {
    this.#rewriter = rewriter;
    for (const op of bodyOf(rewriter, rewriter.operation(rewriter.root))) {
      const symbol = attributeOf(op, "sym_name");
      if (symbol?.kind === "string") this.#taken.add(symbol.value);
      const global = memref.global.match(rewriter, op);
      if (!global?.attributes.constant || !global.attributes.initial_value) continue;
      this.#remember(global.attributes.type.text, global.attributes.initial_value, global.attributes.sym_name);
    }
  }

  #remember(type: string, value: Attribute, name: string): void {
    const same = this.#known.get(type);
    if (same) same.push({ value, name });
    else this.#known.set(type, [{ value, name }]);
  }

  /** The name of the constant buffer that holds `value`, made at the start of the module when it is new. */
  nameOf(value: Attribute, type: MemRefType): string {
    const found = this.#known.get(type.text)?.find((known) => sameAttribute(known.value, value));
    if (found) return found.name;
    let name = `weight_${this.#count++}`;
    while (this.#taken.has(name)) name = `weight_${this.#count++}`;
    this.#taken.add(name);
    const first = bodyOf(this.#rewriter, this.#rewriter.operation(this.#rewriter.root))[0]!;
    at(this.#rewriter, { kind: "before", op: first.id }, () =>
      memref.global.build(
        this.#rewriter,
        {},
        { sym_name: name, sym_visibility: "private", type, initial_value: value, constant: true },
      ),
    );
    this.#remember(type.text, value, name);
    return name;
  }
}
