/** Generators for properties: programs that can be run, and modules, types, attributes and locations of every kind. */
export { type Program, type ProgramOptions, programs } from "./programs/programs.ts";
export { affineMaps, attributes, floatTypes, integerTypes, locations, types } from "./texts/attributes.ts";
export { textModules } from "./texts/modules.ts";
