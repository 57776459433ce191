import type { Body } from "./reader.ts";
import { spaced } from "./spacing.ts";

/** Types of the dialect have no space around `=`, and one before the brackets that decorate a member. */
export const spirvType: Body = (reader) =>
  spaced(reader)
    .replaceAll(" = ", "=")
    .replaceAll(/([^\s(])\[/g, "$1 [");

/** The client's interface is the one parameter without space around `=`. */
export const spirvTargetEnvironment: Body = (reader) =>
  spaced(reader)
    .replace(", api = Unknown, ", ", ")
    .replace(/, api = (?=\w+, )/, ", api=");
