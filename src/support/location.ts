/**
 * Where something came from. The kinds are MLIR's builtin locations, so that they print and parse as its `loc(...)` syntax.
 * An ONNX node's location is a `name` whose text is its path in the graph and whose child is the model's file.
 */
export type Location =
  | { readonly kind: "unknown" }
  | {
      readonly kind: "file";
      readonly file: string;
      /** One-based. Zero where only the file is known. */
      readonly line: number;
      /** One-based, in UTF-16 code units. Zero where only the line is known. */
      readonly column: number;
      /** Where a range ends, both one-based. */
      readonly end?: { readonly line: number; readonly column: number };
    }
  | { readonly kind: "name"; readonly name: string; readonly child: Location }
  | { readonly kind: "callsite"; readonly callee: Location; readonly caller: Location }
  | {
      readonly kind: "fused";
      readonly pass: string | undefined;
      /** The text of metadata that is not a pass's name. */
      readonly metadata?: string;
      readonly from: readonly Location[];
    }
  /** A dialect's own kind of location, kept as the text of its attribute. */
  | { readonly kind: "dialect"; readonly text: string };

/** The location of things that nobody wrote. */
export const unknownLocation: Location = Object.freeze({ kind: "unknown" });

/** A place in a text file; line and column are one-based. */
export const fileLocation = (file: string, line = 0, column = 0): Location =>
  Object.freeze({ kind: "file", file, line, column });

/** A named place, such as an ONNX node path, inside an optional enclosing place. */
export const nameLocation = (name: string, child: Location = unknownLocation): Location =>
  Object.freeze({ kind: "name", name, child });

/** The union of several places, made by `pass`; repeated and unknown places are dropped, and a single place stays itself. */
export function fusedLocation(pass: string, from: readonly Location[]): Location {
  const distinct = [...new Set(from.filter((location) => location.kind !== "unknown"))];
  if (distinct.length === 0) return unknownLocation;
  if (distinct.length === 1) return distinct[0]!;
  return Object.freeze({ kind: "fused", pass, from: Object.freeze(distinct) });
}

/** A short text for a person: `model.onnx: graph/Conv_3`, `file.mlir:3:7`. */
export function describeLocation(location: Location): string {
  switch (location.kind) {
    case "unknown":
      return "unknown location";
    case "file":
      return [location.file, location.line || undefined, location.column || undefined]
        .filter((part) => part !== undefined)
        .join(":");
    case "name":
      return location.child.kind === "unknown"
        ? location.name
        : `${describeLocation(location.child)}: ${location.name}`;
    case "callsite":
      return `${describeLocation(location.callee)} called from ${describeLocation(location.caller)}`;
    case "dialect":
      return location.text;
    case "fused":
      return describeFused(location);
  }
}

/** Several places, each once; what nodes are in is said once where it is the same. */
function describeFused(location: Location): string {
  const places = [...new Map(placesIn(location).map((place) => [describeLocation(place), place] as const)).values()];
  const texts = places.slice(0, mostPlaces).map((place, index) => {
    const before = places[index - 1];
    const isBeside = place.kind === "name" && before?.kind === "name";
    const isInSame = isBeside && describeLocation(place.child) === describeLocation(before.child);
    return isInSame ? place.name : describeLocation(place);
  });
  return texts.join(" + ") + (places.length > mostPlaces ? " + …" : "");
}
const placesIn = (location: Location): readonly Location[] =>
  location.kind === "fused" ? location.from.flatMap(placesIn) : [location];

/** Places that a text about a location names at most. */
const mostPlaces = 3;

/** Parts that a text about an origin names at most. */
const mostParts = 4;

/**
 * What in a model something was made from, for texts that leave this machine: the nodes' names, `graph/Conv_3 + graph/Relu_4`, without
 * the paths of files. Empty when nothing is known.
 */
export function describeOrigin(location: Location): string {
  const parts = [...new Set(originParts(location))];
  return parts.slice(0, mostParts).join(" + ") + (parts.length > mostParts ? " + …" : "");
}

function originParts(location: Location): readonly string[] {
  switch (location.kind) {
    case "name":
      return [location.name];
    case "callsite":
      return originParts(location.callee);
    case "fused":
      return location.from.flatMap(originParts);
    case "file":
      return [describeLocation({ ...location, file: location.file.replace(/^.*[/\\]/s, "") })];
    case "unknown":
    case "dialect":
      return [];
  }
}

/** The place in a file that a location is, or is inside of, or was made from; undefined where there is none. */
export function filePlaceOf(location: Location): Extract<Location, { readonly kind: "file" }> | undefined {
  switch (location.kind) {
    case "file":
      return location;
    case "name":
      return filePlaceOf(location.child);
    case "callsite":
      return filePlaceOf(location.callee);
    case "fused":
      return location.from.map(filePlaceOf).find((place) => place !== undefined);
    case "unknown":
    case "dialect":
      return undefined;
  }
}
