declare const brand: unique symbol;
/** An operation's full name as a positive number, the same for the whole process. */
export type OpName = number & { readonly [brand]: "operation name" };

const numbers = new Map<string, OpName>();

/** The number of a name such as `arith.addi`; given out when it is first asked for. */
export function opName(text: string): OpName {
  let number = numbers.get(text);
  if (number === undefined) {
    number = (numbers.size + 1) as OpName;
    numbers.set(text, number);
  }
  return number;
}
