/** The least multiple that is not below a number. */
export const roundUp = (number: number, multiple: number): number => Math.ceil(number / multiple) * multiple;
