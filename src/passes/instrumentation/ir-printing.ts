import type { Module } from "../../ir/module.ts";
import type { Registry } from "../../ir/registry.ts";
import { printModule } from "../../ir/text/print.ts";
import { keywordOrString } from "../../ir/text/spelling.ts";
import type { AnyPass } from "../pass.ts";
import { unifiedDiff } from "./text-diff.ts";

/** Passes around which the module is printed: all, or those named. */
export type PrintSelection = "all" | readonly string[];

/** When the module is printed while a pipeline runs. */
export interface IrPrintingOptions {
  readonly printIrBefore?: PrintSelection;
  readonly printIrAfter?: PrintSelection;
  /** What each pass changed, as a unified diff; nothing for passes that changed nothing. */
  readonly printIrAfterChange?: boolean;
  readonly printIrAfterFailure?: boolean;
  /** Constants with more elements, and resources with more bytes, are left out. */
  readonly elideLargerThan?: number;
  /** Where the text goes; the standard error stream when absent. */
  readonly write?: (text: string) => void;
}

const selects = (selection: PrintSelection | undefined, pass: AnyPass): boolean =>
  selection === "all" || (selection?.includes(pass.name) ?? false);

/** Prints the module around passes, with upstream's headings. */
export class IrPrinting {
  readonly #options: IrPrintingOptions;
  readonly #registry: Registry;

  constructor(options: IrPrintingOptions, registry: Registry) {
    this.#options = options;
    this.#registry = registry;
  }

  #text(module: Module): string {
    const { elideLargerThan } = this.#options;
    return printModule(module, this.#registry, elideLargerThan === undefined ? {} : { elideLargerThan });
  }
  #write(text: string): void {
    if (this.#options.write) this.#options.write(text);
    else process.stderr.write(text);
  }
  #heading(when: string, pass: AnyPass, symbol: string | undefined): string {
    return `// -----// IR Dump ${when} ${pass.name}${symbol === undefined ? "" : ` ('func.func' operation: @${keywordOrString(symbol)})`} //----- //\n`;
  }

  before(pass: AnyPass, symbol: string | undefined, module: Module): void {
    if (selects(this.#options.printIrBefore, pass))
      this.#write(`${this.#heading("Before", pass, symbol)}${this.#text(module)}\n`);
  }
  after(pass: AnyPass, symbol: string | undefined, before: Module, after: Module): void {
    if (selects(this.#options.printIrAfter, pass))
      this.#write(`${this.#heading("After", pass, symbol)}${this.#text(after)}\n`);
    if (this.#options.printIrAfterChange && before !== after) {
      const names = [`before ${pass.name}`, `after ${pass.name}`] as const;
      this.#write(
        `${this.#heading("After", pass, symbol)}${unifiedDiff(this.#text(before), this.#text(after), names)}\n`,
      );
    }
  }
  failed(pass: AnyPass, before: Module): void {
    if (this.#options.printIrAfterFailure)
      this.#write(`${this.#heading("Before failed", pass, undefined)}${this.#text(before)}\n`);
  }
}
