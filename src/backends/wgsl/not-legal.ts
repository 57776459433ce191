import { notLegalIn } from "../printing/not-legal.ts";

/** The error of a construct that the backend cannot express. */
export const notLegal = notLegalIn("wgsl");
