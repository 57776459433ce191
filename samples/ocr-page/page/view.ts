import type { Picture } from "../../ocr/image.ts";
import type { Line, OcrResult, StageTime } from "../../ocr/pipeline.ts";

const byId = <E extends Element>(id: string): E => document.querySelector<E>(`#${id}`)!;

/** The page's parts. */
export const parts = {
  file: byId<HTMLInputElement>("file"),
  sample: byId<HTMLButtonElement>("sample"),
  stage: byId<HTMLElement>("stage"),
  canvas: byId<HTMLCanvasElement>("canvas"),
  boxes: byId<SVGSVGElement>("boxes"),
  status: byId<HTMLElement>("status"),
  lines: byId<HTMLOListElement>("lines"),
  times: byId<HTMLTableElement>("times"),
  stages: byId<HTMLTableSectionElement>("stages"),
  adapter: byId<HTMLElement>("adapter"),
} as const;

/** What the page is doing. Only in `ready` it takes a picture. */
export type PageState = "loading" | "ready" | "reading" | "failed";

/** Shows a state and what is to be said of it. */
export function showState(state: PageState, text: string): void {
  document.body.dataset["state"] = state;
  parts.status.textContent = text;
  parts.file.disabled = state !== "ready";
  parts.sample.disabled = state !== "ready";
}

/** Takes the last picture's results away. */
export function clearResult(): void {
  parts.boxes.replaceChildren();
  parts.lines.replaceChildren();
  parts.times.hidden = true;
}

/** Shows the lines with their boxes, and the times. */
export function showResult({ lines, stages }: OcrResult, { width, height }: Picture): void {
  parts.boxes.setAttribute("viewBox", `0 0 ${width} ${height}`);
  for (const line of lines) {
    const box = boxOf(line);
    const item = itemOf(line);
    item.addEventListener("pointerenter", () => box.classList.add("shown"));
    item.addEventListener("pointerleave", () => box.classList.remove("shown"));
    parts.boxes.append(box);
    parts.lines.append(item);
  }
  const sum = (key: "networkMilliseconds" | "aroundMilliseconds"): number =>
    stages.reduce((total, stage) => total + stage[key], 0);
  parts.stages.replaceChildren(
    ...stages.map(timesRow),
    row("together", "", sum("networkMilliseconds"), sum("aroundMilliseconds")),
  );
  parts.times.hidden = false;
}

function boxOf({ box, upsideDown }: Line): SVGPolygonElement {
  const polygon = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
  polygon.setAttribute("points", box.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" "));
  polygon.classList.toggle("turned", upsideDown);
  return polygon;
}

function itemOf({ text, score, upsideDown }: Line): HTMLLIElement {
  const item = document.createElement("li");
  item.append(labelled("text", text));
  if (upsideDown) item.append(labelled("turned", "was upside down"));
  item.append(labelled("score", score.toFixed(3)));
  return item;
}

function labelled(className: string, text: string): HTMLSpanElement {
  const span = document.createElement("span");
  span.className = className;
  span.textContent = text;
  return span;
}

const timesRow = ({ network, runs, networkMilliseconds, aroundMilliseconds }: StageTime): HTMLTableRowElement =>
  row(network, String(runs), networkMilliseconds, aroundMilliseconds);

function row(name: string, runs: string, ...times: readonly number[]): HTMLTableRowElement {
  const heading = document.createElement("th");
  heading.scope = "row";
  heading.textContent = name;
  const cells = [runs, ...times.map((time) => `${time.toFixed(1)} ms`)].map((text) => {
    const cell = document.createElement("td");
    cell.textContent = text;
    return cell;
  });
  const element = document.createElement("tr");
  element.append(heading, ...cells);
  return element;
}
