import { type Module, ModuleReader, type OpId } from "../module.ts";
import type { Registry } from "../registry.ts";
import { AliasVisitor } from "./alias-visitor.ts";
import { AliasCollector } from "./aliases.ts";
import { GenericForms } from "./generic-forms.ts";
import { AttributePrinter } from "./print-attribute.ts";
import { ModuleWriter } from "./module-writer.ts";
import { resourceSection } from "./print-resources.ts";
import { argumentName, resultName } from "./result-names.ts";
import { ValueNames } from "./value-names.ts";

/** How a module is printed. */
export interface PrintOptions {
  /** Every operation in the generic form (`mlir-opt --mlir-print-op-generic`). */
  readonly generic?: boolean;
  /** With locations (`--mlir-print-debuginfo`). */
  readonly debugInfo?: boolean;
  /** No aliases, everything in its place (`--mlir-print-local-scope`). */
  readonly localScope?: boolean;
  /** Constants with more elements are left out. The text does not parse back to the same module. */
  readonly elideLargerThan?: number;
  /** Resources whose text has more characters are left out, with the same effect. */
  readonly elideResourcesLargerThan?: number;
  /** The operation that is printed, without the module's resources; the whole module when absent. */
  readonly root?: OpId;
}

/**
 * The text of a module, as `mlir-opt` prints it.
 * @param registry gives the pretty form of each operation; those it does not know are printed generically.
 */
export function printModule(module: Module, registry: Registry, options: PrintOptions = {}): string {
  const reader = new ModuleReader(module);
  const root = reader.operation(options.root ?? module.root);
  const { generic = false, debugInfo = false } = options;
  const settings = { reader, registry, generic, debugInfo, forms: new GenericForms(reader) };
  const collector = new AliasCollector();
  if (!options.localScope) new AliasVisitor(settings, collector).topLevel(root);
  const aliases = collector.finish();
  const attributes = new AttributePrinter(aliases, options.elideLargerThan);
  const before = aliases.definitions(attributes, false);
  const names = new ValueNames(
    reader,
    root,
    settings.generic ? undefined : { result: resultName, argument: argumentName },
  );
  const text = new ModuleWriter(settings, attributes, names).topLevel(root);
  const after = aliases.definitions(attributes, true);
  if (options.root !== undefined) return before + text + after;
  return before + text + after + resourceSection(module, attributes.resources, options.elideResourcesLargerThan);
}
