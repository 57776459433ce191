import { type Body, type BodyReader, commaList } from "./reader.ts";
import { spaced } from "./spacing.ts";

/**
 * Parameters that are written as `name = value, …`, in any order; what has its default is left out. `declaration` has the names
 * in the order in which upstream writes them: `size; abi?; index = 0`. A `*` marks an attribute of one kind, of which only the brackets
 * are written.
 */
export function struct(declaration: string): Body {
  const parameters = declaration.split("; ").map((text) => {
    const [name, value] = text.split(" = ");
    return {
      name: name!.replace(/[?*]+$/, ""),
      isOptional: name!.includes("?"),
      isStripped: name!.includes("*"),
      value,
    };
  });
  return (reader) => {
    const written = reader.atEnd() ? new Map<string, string>() : new Map(entries(reader));
    const missing = parameters.find(
      ({ name, isOptional, value }) => !written.has(name) && !isOptional && value === undefined,
    );
    if (missing !== undefined) reader.fail(`expected parameter ${missing.name}`);
    if ([...written.keys()].some((name) => !parameters.some((parameter) => parameter.name === name)))
      reader.fail("unknown parameter");
    return parameters
      .filter(({ name, value }) => written.has(name) && written.get(name) !== value)
      .map(({ name, isStripped }) => `${name} = ${isStripped ? stripped(written.get(name)!) : written.get(name)!}`)
      .join(", ");
  };
}

const stripped = (text: string): string => text.replace(/^#[\w.]+(?=<)/, "");

/** The same where no brackets are written when all has its default. */
export function optionalStruct(declaration: string): Body {
  const body = struct(declaration);
  return (reader) => body(reader) || undefined;
}

const entries = (reader: BodyReader): readonly (readonly [string, string])[] =>
  commaList(reader, () => {
    const name = reader.word();
    reader.expect("=");
    return [name, spaced(reader, () => atNextEntry(reader))] as const;
  });

/** Whether a comma, a name and `=` follow; a value may have commas of its own. */
function atNextEntry(reader: BodyReader): boolean {
  let isNext = false;
  reader.optional(() => {
    reader.expect(",");
    reader.word();
    isNext = reader.at("=");
    reader.fail("only looking");
  });
  return isNext;
}

/** Some words out of these, in the order of their cases. */
export function flags(separator: string, ...cases: readonly string[]): Body {
  return (reader) => {
    const words = [reader.word()];
    while (reader.accept(",") || reader.accept("|")) words.push(reader.word());
    if (words.some((word) => !cases.includes(word))) reader.fail("unknown flag");
    return cases.filter((word) => words.includes(word)).join(separator);
  };
}
