/**
 * Writes the declarations of ONNX's operators, src/ir/dialects/onnx/<theme>.ts, from ONNX's own documentation of its operator
 * schemas. What the documentation's tables do not say (a line about each operator, its traits, its theme) is in onnx-operators.ts;
 * deprecated.ts and microsoft.ts, which they do not cover, are written by hand.
 *
 *     node scripts/generate-onnx-dialect.ts <folder with Operators.md and Operators-ml.md: docs/ of an ONNX checkout>
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type OperatorGroup, operatorGroups, type OperatorNote } from "./onnx-operators.ts";

/** One `<dt>` of a section: `<tt>name</tt> (notes) : type`. */
interface Entry {
  readonly name: string;
  readonly notes: readonly string[];
  readonly type: string;
}
interface Operator {
  readonly attributes: readonly Entry[];
  readonly inputs: readonly Entry[];
  readonly outputs: readonly Entry[];
  /** The least number of inputs and outputs. */
  readonly minimum: { readonly inputs: number; readonly outputs: number };
  readonly constraints: ReadonlyMap<string, string>;
}

/** `Operators.md` as operators by qualified name (`ai.onnx.ml.LabelEncoder`); deprecated ones are left out. */
function readOperators(markdown: string): ReadonlyMap<string, Operator> {
  const heading = /^### .*?<a name="([^"]+)"><\/a>.*$/gm;
  const found = [...markdown.matchAll(heading)];
  const operators = new Map<string, Operator>();
  found.forEach((match, index) => {
    if (match[0].includes("(deprecated)")) return;
    operators.set(match[1]!, readOperator(markdown.slice(match.index, found[index + 1]?.index)));
  });
  return operators;
}

function readOperator(text: string): Operator {
  const section = (title: string): { readonly entries: readonly Entry[]; readonly minimum: number } => {
    const match = new RegExp(`^#### ${title}(?: \\((\\d+) - .*\\))?\\n([^]*?)(?=^####|(?![^]))`, "m").exec(text);
    const entries = [...(match?.[2] ?? "").matchAll(/^<dt><tt>(.+?)<\/tt>(?: \((.*?)\))? : (.*)<\/dt>$/gm)].map(
      ([, name, notes, type]) => ({ name: name!, notes: notes?.split(", ") ?? [], type: unescapeHtml(type!) }),
    );
    return { entries, minimum: match?.[1] === undefined ? entries.length : Number(match[1]) };
  };
  const [inputs, outputs] = [section("Inputs"), section("Outputs")];
  return {
    attributes: section("Attributes").entries,
    inputs: inputs.entries,
    outputs: outputs.entries,
    minimum: { inputs: inputs.minimum, outputs: outputs.minimum },
    constraints: new Map(section("Type Constraints").entries.map(({ name, type }) => [name, type])),
  };
}

const unescapeHtml = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");

/** Everything a file imports, by module. */
type Imports = ReadonlyMap<string, Set<string>>;
const newImports = (): Imports =>
  new Map([
    ["../../define.ts", new Set(["op"])],
    ["./attributes.ts", new Set()],
    ["./constraints.ts", new Set()],
  ]);

class FileWriter {
  readonly #imports = newImports();

  write(group: OperatorGroup, operators: ReadonlyMap<string, Operator>): string {
    const declarations = Object.entries(group.operators).map(([name, note]) => {
      const qualified = group.domain === "" ? name : `${group.domain}.${name}`;
      const operator = operators.get(qualified);
      if (operator === undefined) throw new Error(`the documentation has no operator ${qualified}`);
      return `${name}: ${this.#declaration(operator, note, group.domain)},`;
    });
    const imports = [...this.#imports]
      .filter(([, names]) => names.size > 0)
      .map(([module, names]) => `import { ${[...names].sort().join(", ")} } from "${module}";`);
    return `// Written by scripts/generate-onnx-dialect.ts from ONNX's operator schemas. Do not edit.
${imports.join("\n")}

/** ${group.comment} */
export const ${group.constant} = {
${declarations.join("\n")}
};
`;
  }

  #declaration(operator: Operator, note: OperatorNote, domain: string): string {
    const graphs = operator.attributes.filter(({ type }) => type.startsWith("graph"));
    const attributes = operator.attributes
      .filter((attribute) => !graphs.includes(attribute))
      .map((attribute) => `${attribute.name}: ${this.#attribute(attribute, domain)}`);
    // An If is read condition first, then the branch for true.
    const regions = graphs.map(({ name }) => name).sort((left, right) => order(left) - order(right));
    const parts = [
      `summary: ${JSON.stringify(note.summary)}`,
      `operands: ${this.#values(operator.inputs, operator.minimum.inputs, operator.constraints)}`,
      `attributes: { ${attributes.join(", ")} }`,
      `results: ${this.#values(operator.outputs, operator.minimum.outputs, operator.constraints)}`,
      ...(regions.length > 0 ? [`regions: ${JSON.stringify(regions)}`] : []),
      ...(note.traits.length > 0 ? [`traits: ${JSON.stringify(note.traits)}`] : []),
    ];
    return `op({\n${parts.join(",\n")},\n})`;
  }

  #values(entries: readonly Entry[], minimum: number, constraints: ReadonlyMap<string, string>): string {
    const values = entries.map(({ name, notes, type }, index) => {
      const types = this.#constraint(constraints.get(type) ?? type);
      const arity = notes.includes("optional") ? "optional" : notes.includes("variadic") ? "variadic" : "one";
      this.#use("../../define.ts", arity);
      const least = arity === "variadic" ? Math.max(0, minimum - index) : 0;
      return `${name}: ${arity}(${types}${least > 0 ? `, ${least}` : ""})`;
    });
    return `{ ${values.join(", ")} }`;
  }

  #attribute({ name, type }: Entry, domain: string): string {
    const match = /^(.+?)(?: \((required|default is (.*))\))?$/.exec(type)!;
    const [kind, required, written] = [match[1]!, match[2] === "required", match[3]];
    const codec = codecOf(kind, name, domain);
    if (written !== undefined && codec.floats !== undefined)
      return `${this.#use("./attributes.ts", codec.floats)}(${codec.literal(written)})`;
    this.#use("./attributes.ts", codec.name);
    if (required) return codec.name;
    return written === undefined ? `${codec.name}.optional()` : `${codec.name}.default(${codec.literal(written)})`;
  }

  #constraint(types: string): string {
    const name = constraintOf(types.split(", "));
    this.#use("./constraints.ts", name.replace(/\(.*/, ""));
    return name;
  }

  #use(module: string, name: string): string {
    this.#imports.get(module)!.add(name);
    return name;
  }
}

const order = (region: string): number => (region === "else_branch" ? 1 : 0);

interface Codec {
  readonly name: string;
  /** How a default of the documentation is written in TypeScript. */
  readonly literal: (written: string) => string;
  /** For binary32 numbers: the function that declares one with a default. */
  readonly floats?: string;
}

const number = (written: string): string =>
  String(Number(written) === 0 && written.startsWith("-") ? "-0" : Number(written));
const items = (written: string): readonly string[] =>
  written
    .slice(1, -1)
    .split(", ")
    .map((item) => item.slice(1, -1));

const codecs: Readonly<Record<string, Codec>> = {
  int: { name: "i64Attribute", literal: number },
  float: { name: "f32Attribute", literal: number, floats: "float32" },
  string: { name: "stringAttributeSpec", literal: (written) => JSON.stringify(written) },
  tensor: { name: "denseElements", literal: noDefault },
  sparse_tensor: { name: "denseElements", literal: noDefault },
  type_proto: { name: "typeAttributeSpec", literal: noDefault },
  "list of ints": { name: "i64Array", literal: (written) => `[${items(written).map(number).join(", ")}]` },
  "list of floats": {
    name: "f32Array",
    literal: (written) => `[${items(written).map(number).join(", ")}]`,
    floats: "float32List",
  },
  "list of strings": { name: "stringArray", literal: (written) => JSON.stringify(items(written)) },
};
/** The value of a constant may stand in any form; what is not inline cannot be lowered. */
const constantValue: Codec = { name: "elements", literal: noDefault };
/** Labels and categories are data: all their 64 bits matter. */
const dataCodecs: Readonly<Record<string, Codec>> = {
  int: { name: "bigAttribute", literal: (written) => `${written}n` },
  "list of ints": { name: "bigArray", literal: noDefault },
};

function noDefault(written: string): never {
  throw new Error(`a default of this kind is not expected: ${written}`);
}

function codecOf(kind: string, name: string, domain: string): Codec {
  const isData = domain === "ai.onnx.ml" && /int64s?$|_ints$/.test(name);
  const isConstant = domain === "" && /^(?:sparse_)?tensor$/.test(kind);
  const codec = (isData ? dataCodecs[kind] : undefined) ?? (isConstant ? constantValue : codecs[kind]);
  if (codec === undefined) throw new Error(`attribute ${name} has the unknown kind ${kind}`);
  return codec;
}

/** ONNX's element types and the IR's. */
const elements: Readonly<Record<string, string>> = {
  bool: "bool",
  string: "string",
  float: "f32",
  double: "f64",
  float16: "f16",
  bfloat16: "bf16",
  complex64: "complex64",
  complex128: "complex128",
  float8e4m3fn: "f8E4M3FN",
  float8e4m3fnuz: "f8E4M3FNUZ",
  float8e5m2: "f8E5M2",
  float8e5m2fnuz: "f8E5M2FNUZ",
  float8e8m0: "f8E8M0FNU",
  float4e2m1: "f4E2M1FN",
  ...Object.fromEntries(
    [2, 4, 8, 16, 32, 64].flatMap((bits) => [
      [`int${bits}`, `i${bits}`],
      [`uint${bits}`, `ui${bits}`],
    ]),
  ),
};
/** The sets that constraints.ts has names for, largest first. */
const sets: readonly (readonly [string, readonly string[]])[] = [
  ["float", ["bf16", "f16", "f32", "f64"]],
  ["int", ["i8", "i16", "i32", "i64"]],
  ["uint", ["ui8", "ui16", "ui32", "ui64"]],
  ["float8", ["f8E4M3FN", "f8E4M3FNUZ", "f8E5M2", "f8E5M2FNUZ"]],
  ["small", ["i2", "i4", "ui2", "ui4"]],
  ["complex", ["complex64", "complex128"]],
];
const named: Readonly<Record<string, string>> = {
  float: "floatTensor",
  "float int uint": "numberTensor",
  bool: "boolTensor",
  "i32 i64": "indexTensor",
};
/** With these, a type constraint means any tensor. */
const general = ["f16", "f32", "f64", "i8", "i64", "ui8", "ui64", "bool", "string"];

/** The constraint that accepts what ONNX's list of types does. */
function constraintOf(types: readonly string[]): string {
  const kinds = new Set(types.map((type) => type.slice(0, type.indexOf("("))));
  if (kinds.size > 1) return "anyValue";
  if (kinds.has("seq")) return "sequenceValue";
  if (kinds.has("optional")) return "optionalValue";
  if (kinds.has("map")) return "mapValue";
  const left = new Set(
    types.map((type) => {
      const element = elements[/^tensor\((\w+)\)$/.exec(type)?.[1] ?? ""];
      if (element === undefined) throw new Error(`unknown type ${type}`);
      return element;
    }),
  );
  if (general.every((element) => left.has(element))) return "anyTensor";
  const parts: string[] = [];
  for (const [name, members] of sets) {
    if (!members.every((member) => left.has(member))) continue;
    parts.push(name);
    for (const member of members) left.delete(member);
  }
  parts.push(...[...left].sort((a, b) => a.localeCompare(b, "en", { numeric: true })));
  return named[parts.join(" ")] ?? `tensorOf(${parts.map((part) => JSON.stringify(part)).join(", ")})`;
}

const folder = process.argv[2];
if (folder === undefined) throw new Error("give the folder that holds ONNX's Operators.md and Operators-ml.md");
const operators = new Map(
  ["Operators.md", "Operators-ml.md"].flatMap((file) => [...readOperators(readFileSync(join(folder, file), "utf8"))]),
);
const noted = new Set(
  operatorGroups.flatMap(({ domain, operators: notes }) =>
    Object.keys(notes).map((name) => (domain === "" ? name : `${domain}.${name}`)),
  ),
);
const missing = [...operators.keys()].filter((name) => !noted.has(name));
if (missing.length > 0) throw new Error(`add these operators to scripts/onnx-operators.ts: ${missing.join(", ")}`);

const target = join(import.meta.dirname, "../src/ir/dialects/onnx");
const files = operatorGroups.map((group) => {
  const path = join(target, group.file);
  writeFileSync(path, new FileWriter().write(group, operators));
  return path;
});
execFileSync("npx", ["prettier", "--write", "--log-level", "warn", ...files], { stdio: "inherit" });
console.log(`${operators.size} operators in ${files.length} files`);
