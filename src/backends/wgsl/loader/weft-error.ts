import type { WeftErrorCode, WeftErrorDetails } from "./weft-webgpu.d.ts";

/** See the declaration in `weft-webgpu.d.ts`. */
export class WeftError extends Error implements WeftErrorDetails {
  readonly code: WeftErrorCode;
  declare readonly op?: string;
  declare readonly limit?: string;
  declare readonly asked?: number;
  declare readonly given?: number;
  declare readonly place?: string;
  declare readonly problems?: readonly string[];

  constructor(code: WeftErrorCode, message: string, details: WeftErrorDetails = {}) {
    super(message);
    this.name = "WeftError";
    this.code = code;
    for (const [name, value] of Object.entries(details))
      if (value !== undefined) Object.assign(this, { [name]: value });
  }
}

/** What something thrown says. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
