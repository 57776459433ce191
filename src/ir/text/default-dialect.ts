/** Operations in whose regions the names of one dialect's operations may stand without its prefix. */
const defaultDialects: Readonly<Record<string, string>> = { "builtin.module": "builtin", "func.func": "func" };

/** The dialect whose prefix may be left out in the regions of this operation; empty where none may. */
export const defaultDialectOf = (operation: string): string =>
  Object.hasOwn(defaultDialects, operation) ? defaultDialects[operation]! : "";
