import type { NetworkName, PictureShape } from "../../ocr/engine.ts";

/** What the page's script finds beside it: `networks.json`. */
export interface PageNetworks {
  /** The shape that each network was compiled for; its artifact lies in the folder of its name. */
  readonly shapes: Readonly<Record<NetworkName, PictureShape>>;
  /** `alphabet[i]` is the text of the recogniser's class `i`. */
  readonly alphabet: readonly string[];
}

/** Names of files beside the page's script. */
export const networksFile = "networks.json";
export const sampleFile = "picture.png";
