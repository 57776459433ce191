import type { Module, OpId } from "../../ir/module.ts";
import type { Registry } from "../../ir/registry.ts";
import { printModule, type PrintOptions } from "../../ir/text/print.ts";
import { keywordOrString } from "../../ir/text/spelling.ts";
import type { AnyPass } from "../pass.ts";
import { unifiedDiff } from "./text-diff.ts";

/** Passes around which the module is printed: all, or those named. */
export type PrintSelection = "all" | readonly string[];

/** When the module is printed while a pipeline runs. */
export interface IrPrintingOptions {
  readonly printIrBefore?: PrintSelection;
  readonly printIrAfter?: PrintSelection;
  /** `printIrAfter` only for passes that changed something. */
  readonly printIrOnlyWhenChanged?: boolean;
  /** What each pass changed, as a unified diff; nothing for passes that changed nothing. */
  readonly printIrAfterChange?: boolean;
  readonly printIrAfterFailure?: boolean;
  /** The whole module around passes on functions too. */
  readonly printIrModuleScope?: boolean;
  /** How it is printed. */
  readonly printing?: Omit<PrintOptions, "root">;
  /** Where the text goes; the standard error stream when absent. */
  readonly write?: (text: string) => void;
}

const selects = (selection: PrintSelection | undefined, pass: AnyPass): boolean =>
  selection === "all" || (selection?.includes(pass.name) ?? false);

/** A pass's name as upstream's headings have it: `constant-fold` is `ConstantFold`. */
const titleOf = ({ name }: AnyPass): string =>
  name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The place of a pass: the operation it runs on. */
export interface PassPlace {
  readonly root: OpId;
  /** Its symbol's name; undefined for the module. */
  readonly symbol: string | undefined;
}

/** Prints the module, or the function that a pass runs on, around passes, with upstream's headings. */
export class IrPrinting {
  readonly #options: IrPrintingOptions;
  readonly #registry: Registry;

  constructor(options: IrPrintingOptions, registry: Registry) {
    this.#options = options;
    this.#registry = registry;
  }

  #text(module: Module, { root }: PassPlace): string {
    const { printing, printIrModuleScope } = this.#options;
    if (printIrModuleScope || root === module.root) return printModule(module, this.#registry, printing);
    return printModule(module, this.#registry, { ...printing, root, localScope: true });
  }
  #write(heading: string, module: Module, place: PassPlace): void {
    const text = this.#text(module, place);
    // Upstream's modules end their last line, its functions do not.
    this.#put(`${heading}${text}${text.startsWith("func.func") ? "" : "\n"}\n`);
  }
  #put(text: string): void {
    if (this.#options.write) this.#options.write(text);
    else process.stderr.write(text);
  }
  #heading(when: "Before" | "After", pass: AnyPass, { symbol }: PassPlace, failed = false): string {
    const where =
      symbol === undefined || !this.#options.printIrModuleScope
        ? ""
        : ` ('func.func' operation: @${keywordOrString(symbol)})`;
    return `// -----// IR Dump ${when} ${titleOf(pass)}${failed ? " Failed" : ""} (${pass.name})${where} //----- //\n`;
  }

  before(pass: AnyPass, place: PassPlace, module: Module): void {
    if (selects(this.#options.printIrBefore, pass)) this.#write(this.#heading("Before", pass, place), module, place);
  }
  after(pass: AnyPass, place: PassPlace, before: Module, after: Module): void {
    const { printIrAfter, printIrAfterChange, printIrOnlyWhenChanged } = this.#options;
    const heading = this.#heading("After", pass, place);
    if (selects(printIrAfter, pass) && (!printIrOnlyWhenChanged || before !== after))
      this.#write(heading, after, place);
    if (printIrAfterChange && before !== after) {
      const names = [`before ${pass.name}`, `after ${pass.name}`] as const;
      this.#put(`${heading}${unifiedDiff(this.#text(before, place), this.#text(after, place), names)}\n`);
    }
  }
  failed(pass: AnyPass, place: PassPlace, before: Module): void {
    if (this.#options.printIrAfterFailure) this.#write(this.#heading("After", pass, place, true), before, place);
  }
}
