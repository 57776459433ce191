// The page's script: takes pictures and shows what is read in them.
import { readPicture } from "../../ocr/pipeline.ts";
import { loadNetworks, type LoadedNetworks } from "./engine.ts";
import { networksFile, type PageNetworks, sampleFile } from "./files.ts";
import { drawPicture } from "./picture-file.ts";
import { clearResult, parts, showResult, showState } from "./view.ts";

async function fetched(name: string): Promise<Response> {
  const response = await fetch(new URL(name, document.baseURI));
  if (!response.ok) throw new Error(`${name} cannot be loaded: ${response.status} ${response.statusText}`);
  return response;
}

async function read(file: Blob, networks: PageNetworks, { engines }: LoadedNetworks): Promise<void> {
  if (document.body.dataset["state"] !== "ready") return;
  clearResult();
  showState("reading", "Reading…");
  try {
    const picture = await drawPicture(file, parts.canvas);
    const started = performance.now();
    const result = await readPicture(picture, engines, networks.alphabet, {
      detector: () => networks.shapes.detector,
      recogniser: () => networks.shapes.recogniser,
    });
    const seconds = ((performance.now() - started) / 1000).toFixed(2);
    showResult(result, picture);
    const { length } = result.lines;
    showState("ready", `${length === 0 ? "No text" : length === 1 ? "1 line" : `${length} lines`} in ${seconds} s`);
  } catch (error) {
    showState("ready", `This did not work: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function takePictures(take: (file: Blob) => void): void {
  const { file, sample, stage } = parts;
  file.addEventListener("change", () => {
    const [chosen] = file.files ?? [];
    if (chosen) take(chosen);
    file.value = "";
  });
  sample.addEventListener("click", async () => take(await (await fetched(sampleFile)).blob()));
  const fileIn = (list: DataTransfer | null): File | undefined =>
    [...(list?.files ?? [])].find(({ type }) => type.startsWith("image/"));
  const taken = (event: Event, list: DataTransfer | null): void => {
    event.preventDefault();
    stage.classList.remove("dropping");
    const found = fileIn(list);
    if (found) take(found);
  };
  document.addEventListener("paste", (event) => taken(event, event.clipboardData));
  document.addEventListener("drop", (event) => taken(event, event.dataTransfer));
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    stage.classList.add("dropping");
  });
  document.addEventListener("dragleave", () => stage.classList.remove("dropping"));
}

try {
  const networks = (await (await fetched(networksFile)).json()) as PageNetworks;
  const started = performance.now();
  const loaded = await loadNetworks(networks, (text) => showState("loading", text));
  const seconds = ((performance.now() - started) / 1000).toFixed(2);
  parts.adapter.textContent = `${loaded.adapter}: three networks, ${loaded.dispatches} dispatches, ready after ${seconds} s`;
  takePictures((file) => void read(file, networks, loaded));
  showState("ready", "Choose a picture");
} catch (error) {
  showState("failed", `This page cannot run: ${error instanceof Error ? error.message : String(error)}`);
}
