import { type Location, unknownLocation } from "../../support/location.ts";
import type { Attribute } from "../attributes.ts";
import { fusedOf } from "./fused-location.ts";
import { attributeText } from "./print-attribute.ts";
import { unquoted } from "./spelling.ts";
import { t } from "./tokens.ts";
import { TypeGrammar } from "./type-grammar.ts";

/** Upstream counts lines and columns in 32 bits. */
export const largestLine = 2 ** 32 - 1;

/** Locations. */
export abstract class LocationGrammar extends TypeGrammar {
  /** What an alias or a dialect's attribute stands for. */
  protected abstract namedAttribute(index: number): Attribute;

  /** `loc(…)`. */
  protected readonly location = this.RULE("location", (): Location => {
    this.CONSUME(t.Loc);
    this.CONSUME(t.LParen);
    const location = this.SUBRULE(this.locationBody);
    this.CONSUME(t.RParen);
    return location;
  });

  private readonly locationBody = this.RULE("locationBody", (): Location =>
    this.level(() =>
      this.OR({
        DEF: [
          { ALT: () => this.SUBRULE(this.placeLocation) },
          {
            ALT: () => {
              this.CONSUME(t.AttributeName);
              return this.ACTION(() => {
                const attribute = this.namedAttribute(this.next - 1);
                return attribute.kind === "location" ? attribute.location : this.dialectLocation(attribute);
              });
            },
          },
          {
            ALT: () => {
              this.CONSUME(t.AttributeBody);
              return this.ACTION(() => this.dialectLocation(this.namedAttribute(this.next - 1)));
            },
          },
          { ALT: () => this.SUBRULE(this.compositeLocation) },
        ],
        ERR_MSG: "location instance",
      }),
    ),
  );

  #number(digits: string, what: "line" | "column"): number {
    if (!this.RECORDING_PHASE && Number(digits) > largestLine)
      this.failAt(this.next - 1, `expected integer ${what} number in FileLineColRange`);
    return Number(digits);
  }

  private dialectLocation(attribute: Attribute): Location {
    if (attribute.kind !== "dialect") return this.failAt(this.next - 1, "expected a location");
    return Object.freeze({ kind: "dialect", text: attributeText(attribute) });
  }

  /** `"file":1:2`, `"file":1:2 to 3:4`, `"name"` and `"name"(location)`. */
  private readonly placeLocation = this.RULE("placeLocation", (): Location => {
    const text = this.CONSUME(t.String).image;
    const name = this.ACTION(() => unquoted(text.slice(1, -1)));
    return (
      this.OPTION(() =>
        this.OR([
          {
            ALT: () => {
              this.CONSUME(t.Colon);
              const line = this.#number(this.CONSUME(t.Integer).image, "line");
              const column =
                this.OPTION3(() => {
                  this.CONSUME1(t.Colon);
                  return this.#number(this.CONSUME1(t.Integer).image, "column");
                }) ?? 0;
              const end = this.OPTION1({
                // `at` may follow, in a call site.
                GATE: () => this.LA(1).image === "to",
                DEF: () => {
                  this.CONSUME(t.Identifier);
                  const endLine = this.OPTION2(() => this.#number(this.CONSUME2(t.Integer).image, "line")) ?? line;
                  this.CONSUME2(t.Colon);
                  return { line: endLine, column: this.#number(this.CONSUME3(t.Integer).image, "column") };
                },
              });
              return Object.freeze(
                end === undefined
                  ? { kind: "file", file: name, line, column }
                  : { kind: "file", file: name, line, column, end },
              );
            },
          },
          {
            ALT: () => {
              this.CONSUME(t.LParen);
              const child = this.SUBRULE(this.locationBody);
              this.CONSUME(t.RParen);
              return Object.freeze({ kind: "name", name, child });
            },
          },
        ]),
      ) ?? Object.freeze({ kind: "name", name, child: unknownLocation })
    );
  });

  /** `unknown`, `callsite(a at b)` and `fused<metadata>[a, b]`. */
  private readonly compositeLocation = this.RULE("compositeLocation", (): Location => {
    const word = this.CONSUME(t.Identifier).image;
    return (
      this.OPTION(() =>
        this.OR([
          {
            GATE: () => word === "callsite",
            ALT: () => {
              this.CONSUME(t.LParen);
              const callee = this.SUBRULE(this.locationBody);
              const at = this.CONSUME1(t.Identifier).image;
              if (at !== "at") this.ACTION(() => this.failAt(this.next - 1, "expected 'at' in callsite location"));
              const caller = this.SUBRULE1(this.locationBody);
              this.CONSUME(t.RParen);
              return Object.freeze({ kind: "callsite", callee, caller });
            },
          },
          {
            GATE: () => word === "fused",
            ALT: () => {
              const metadata = this.OPTION1(() => {
                this.CONSUME(t.Less);
                const attribute = this.SUBRULE(this.attribute);
                this.CONSUME(t.Greater);
                return attribute;
              });
              const from: Location[] = [];
              this.CONSUME(t.LSquare);
              this.MANY_SEP({ SEP: t.Comma, DEF: () => from.push(this.SUBRULE2(this.locationBody)) });
              this.CONSUME(t.RSquare);
              return this.ACTION(() => fusedWith(metadata, from));
            },
          },
        ]),
      ) ?? this.ACTION(() => (word === "unknown" ? unknownLocation : this.failAt(this.next - 1, missingPart(word))))
    );
  });
}

/** What is missing behind the first word of a location. */
function missingPart(word: string): string {
  if (word === "callsite") return "expected '(' in callsite location";
  return word === "fused" ? "expected '[' in fused location" : `expected location instance, found '${word}'`;
}

function fusedWith(metadata: Attribute | undefined, from: readonly Location[]): Location {
  if (metadata === undefined) return fusedOf({}, from);
  const isString = metadata.kind === "string" && metadata.type === undefined;
  return fusedOf(isString ? { pass: metadata.value } : { metadata: attributeText(metadata) }, from);
}
