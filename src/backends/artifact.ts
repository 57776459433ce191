import type { NumericElementType } from "../support/numeric/element-type.ts";

/** One input or output of a compiled model. */
export interface ArtifactTensor {
  /** The model's own name. */
  readonly name: string;
  readonly elementType: NumericElementType;
  readonly shape: readonly number[];
  /** Size in memory; elements are unpacked, see `HostTensor`. */
  readonly bytes: number;
}

/** What a program needs to know to run an artifact: written into its folder as `manifest.json`. */
export interface Manifest {
  /** Marks a folder as written by Weft. */
  readonly format: "weft-artifact";
  readonly version: 1;
  /** The backend that made it. */
  readonly backend: string;
  /** The model's name, as given. */
  readonly model: string;
  /** Prefix of every symbol and file: an identifier. */
  readonly prefix: string;
  readonly inputs: readonly ArtifactTensor[];
  readonly outputs: readonly ArtifactTensor[];
  /** Bytes of working memory that a run needs, aligned to `arenaAlignment`. */
  readonly arenaBytes: number;
  readonly arenaAlignment: number;
  /** Bytes of the weights file; 0 when there is none. */
  readonly weightsBytes: number;
  /** Tells weights apart by their content. */
  readonly weightsHash: string;
  /** Name of the weights file in the folder. Absent when the weights are part of the code. */
  readonly weightsFile?: string;
  /** Source files to compile, in the folder. */
  readonly sources: readonly string[];
  /** The backend's options that made it. */
  readonly options: Readonly<Record<string, boolean | number | string>>;
}

/** A compiled model: the files of its folder, in memory. */
export interface Artifact {
  readonly manifest: Manifest;
  /** Contents by name; names have no folders. Large weights come in several pieces, to be written one after another. */
  readonly files: ReadonlyMap<string, FileContent>;
}
export type FileContent = string | Uint8Array | readonly Uint8Array[];

export const manifestFile = "manifest.json";

/** Bytes of a file's content. */
export const contentBytes = (content: FileContent): number =>
  typeof content === "string"
    ? Buffer.byteLength(content)
    : content instanceof Uint8Array
      ? content.length
      : content.reduce((sum, piece) => sum + piece.length, 0);
