import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compileModule, modelNameOf, readModel } from "../../src/backends/compile-model.ts";
import { writeArtifact } from "../../src/backends/write-artifact.ts";
import { classifierInputShape } from "../ocr/classify.ts";
import { inputName, type NetworkName, networkNames, type PictureShape } from "../ocr/engine.ts";
import { modelPath, readAlphabet } from "../ocr/models.ts";
import { networksFile, type PageNetworks, sampleFile } from "./page/files.ts";

/** What is chosen when a page is built: networks on WebGPU have fixed shapes. */
export interface PageChoices {
  /** The detector's input in pixels, multiples of 32. Larger pictures are made smaller for it. */
  readonly detectorSize: readonly [width: number, height: number];
  /** The recogniser's input in pixels, a multiple of 32. Longer lines are squeezed. */
  readonly recogniserWidth: number;
}

const place = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Compiles the three networks and bundles the page: afterwards `folder` can be put on any server of files. */
export async function buildPage(
  folder: string,
  { detectorSize: [width, height], recogniserWidth }: PageChoices,
  progress: (text: string) => void,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const shapes: Readonly<Record<NetworkName, PictureShape>> = {
    detector: [1, 3, height, width],
    classifier: classifierInputShape,
    recogniser: [1, 3, classifierInputShape[2], recogniserWidth],
  };
  for (const network of networkNames) {
    progress(`compiling the ${network} for ${shapes[network].join("x")}`);
    const path = modelPath(network);
    const module = readModel(path, { bind: new Map(), shapes: new Map([[inputName, shapes[network]]]) });
    const { artifact } = compileModule(module, { target: "wgsl", modelName: modelNameOf(path) });
    writeArtifact(artifact, join(folder, network));
  }
  const networks: PageNetworks = { shapes, alphabet: readAlphabet() };
  writeFileSync(join(folder, networksFile), JSON.stringify(networks));
  copyFileSync(place("../ocr/picture.png"), join(folder, sampleFile));
  for (const name of ["index.html", "style.css"]) copyFileSync(place(`page/${name}`), join(folder, name));
  await build({
    entryPoints: [place("page/page.ts")],
    outfile: join(folder, "page.js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    logLevel: "warning",
  });
}
