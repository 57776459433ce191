import { dialect } from "../define.ts";
import { arithmeticOperations } from "./vector/arithmetic.ts";
import { memoryOperations } from "./vector/memory.ts";
import { shapeOperations } from "./vector/shape.ts";

export { type CombiningKind, combiningKinds } from "./combining-kinds.ts";

export const vector = dialect("vector", "short vectors, as a processor's registers hold them", {
  ...shapeOperations,
  ...memoryOperations,
  ...arithmeticOperations,
});
