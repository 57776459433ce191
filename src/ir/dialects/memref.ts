import { dialect } from "../define.ts";
import { accessOperations } from "./memref/access.ts";
import { allocationOperations } from "./memref/allocation.ts";
import { viewOperations } from "./memref/view.ts";

export const memref = dialect("memref", "buffers: making, viewing, reading and writing them", {
  ...allocationOperations,
  ...accessOperations,
  ...viewOperations,
});
