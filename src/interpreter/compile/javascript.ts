import { internalError } from "../../support/diagnostic.ts";
import { NotCompilable } from "./emitter.ts";

/** What generated code evaluates to: a function of the constants it was bound to, which gives the function itself. */
export type Factory<F> = (constants: readonly unknown[]) => F;

/**
 * Makes generated text a function. The text is made of numbers and fixed words alone, never of a program's text.
 * @throws NotCompilable where the host forbids code from text, as a page's security policy may: rules run instead.
 */
export function evaluateCode<F>(source: string): Factory<F> {
  try {
    return new Function("k", source) as Factory<F>;
  } catch (error) {
    if (error instanceof EvalError) throw new NotCompilable("code from text is forbidden");
    throw internalError(`generated code is not JavaScript (${String(error)})`);
  }
}
