import type { Strategy, WholeStep } from "../strategy.ts";
import { attributeStrategies } from "./attributes.ts";
import { branches, deadBlocks, droppedSuccessors, mergedBlocks } from "./blocks.ts";
import { locations } from "./locations.ts";
import { constants, operations, symbols } from "./operations.ts";
import { passSteps } from "./pass-steps.ts";
import { emptyRegions, inlinedRegions } from "./regions.ts";
import { blockArguments, functionArguments, functionResults } from "./signatures.ts";
import { droppedOperands, droppedRegions, droppedResults, earlierOperands } from "./values.ts";

/** Ways of making a module smaller, those that take away most first. */
export const strategies: readonly Strategy[] = [
  symbols,
  emptyRegions,
  operations,
  inlinedRegions,
  branches,
  droppedSuccessors,
  deadBlocks,
  mergedBlocks,
  functionResults,
  functionArguments,
  blockArguments,
  droppedResults,
  droppedRegions,
  droppedOperands,
  earlierOperands,
  constants,
  ...attributeStrategies,
  locations,
];

/** Steps that change a module as a whole. */
export const wholeSteps: readonly WholeStep[] = passSteps;
