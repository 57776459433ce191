import { type Location, unknownLocation } from "../../support/location.ts";
import { locationKey } from "./print-attribute.ts";

/** What is told of a fused location: the pass that made it, or metadata of another kind. */
interface FusedMetadata {
  readonly pass?: string | undefined;
  readonly metadata?: string;
}

/**
 * The fused location of places, as upstream makes it: unknown places are left out, fused ones of the same metadata are taken apart,
 * none is there twice, and without metadata a single place stays itself.
 */
export function fusedOf(told: FusedMetadata, from: readonly Location[]): Location {
  const places = new Map<string, Location>();
  for (const location of from) {
    const isSame = location.kind === "fused" && location.pass === told.pass && location.metadata === told.metadata;
    for (const place of isSame ? location.from : [location])
      if (place.kind !== "unknown") places.set(locationKey(place), places.get(locationKey(place)) ?? place);
  }
  const distinct = [...places.values()];
  if (told.pass === undefined && told.metadata === undefined && distinct.length < 2)
    return distinct[0] ?? unknownLocation;
  return Object.freeze({
    kind: "fused",
    pass: told.pass,
    ...(told.metadata === undefined ? {} : { metadata: told.metadata }),
    from: Object.freeze(distinct.length === 0 ? [unknownLocation] : distinct),
  });
}
