import type { AnyOpDefinition, Dialect, Trait } from "./define.ts";
import type { Operation } from "./module.ts";

/** The dialects a tool knows. Operations of other dialects are carried along as they are. */
export class Registry {
  readonly dialects: ReadonlyMap<string, Dialect>;
  readonly #operations: ReadonlyMap<string, AnyOpDefinition>;

  constructor(dialects: readonly Dialect[]) {
    this.dialects = new Map(dialects.map((dialect) => [dialect.name, dialect]));
    this.#operations = new Map(
      dialects.flatMap((dialect) => dialect.operations.map((definition) => [definition.name, definition] as const)),
    );
  }
  /** The declaration of an operation, by its full name. */
  definition(name: string): AnyOpDefinition | undefined {
    return this.#operations.get(name);
  }
  hasTrait(op: Operation, trait: Trait): boolean {
    return this.#operations.get(op.name)?.traits?.includes(trait) ?? false;
  }
}
