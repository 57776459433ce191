import type { CustomAssembly, OperationParser, OperationPrinter, UnresolvedOperand } from "../../assembly.ts";
import { affineMapAttribute, type Attributes, boolAttribute, integerAttribute } from "../../attributes.ts";
import type { AffineMap } from "../../affine.ts";
import type { Operation, ValueId } from "../../module.ts";
import { i32, indexType, type MemRefType, type Type } from "../../types.ts";
import { parseSubscripts, printExpressions } from "./affine-maps.ts";
import { assume } from "./malformed.ts";

// The syntax of `affine` operations on memory: `%memref[subscripts]`.

/** `%memref[subscripts]`; the values of the subscripts follow the memref among the operands. */
function printAccess(printer: OperationPrinter, memref: ValueId, map: AffineMap, values: readonly ValueId[]): void {
  printer.value(memref);
  printer.write("[");
  printExpressions(printer, map, values);
  printer.write("]");
}

interface ParsedAccess {
  readonly memref: UnresolvedOperand;
  readonly map: AffineMap;
  readonly operands: readonly UnresolvedOperand[];
}
function parseAccess(parser: OperationParser): ParsedAccess {
  const memref = parser.operand();
  return { memref, ...parseSubscripts(parser) };
}

function memRefType(parser: OperationParser): MemRefType {
  const start = parser.place();
  const type = parser.type();
  return type.kind === "memref"
    ? type
    : parser.fail(`invalid kind of type specified: expected builtin.memref, but found '${type.text}'`, start);
}

/** The memref and the values of its subscripts. */
const resolveAccess = (parser: OperationParser, { memref, operands }: ParsedAccess, type: Type): readonly ValueId[] => [
  parser.resolve(memref, type),
  ...operands.map((operand) => parser.resolve(operand, indexType)),
];

const mapOf = (op: Operation, name = "map"): AffineMap => {
  const attribute = op.properties[name] ?? op.attributes[name];
  assume(attribute?.kind === "affine-map");
  return attribute.map;
};
const withMap = (attributes: Attributes, map: AffineMap): Attributes => ({
  ...attributes,
  map: affineMapAttribute(map),
});

/** `affine.load %m[%i] : memref<4xf32>`, or with a vector type after it. */
const load = (isVector: boolean): CustomAssembly => ({
  print(op, printer) {
    const [memref, ...values] = op.operands;
    printer.write(" ");
    printAccess(printer, memref!, mapOf(op), values);
    printer.attributeDictionary(op, ["map"]);
    printer.write(" : ");
    printer.typesOf(isVector ? [memref!, op.results[0]!] : [memref!]);
  },
  parse(parser) {
    const access = parseAccess(parser);
    const attributes = withMap(parser.attributeDictionary(), access.map);
    parser.expect(":");
    const type = memRefType(parser);
    if (isVector) parser.expect(",");
    const resultTypes = [isVector ? parser.type() : type.element];
    return { operands: resolveAccess(parser, access, type), resultTypes, attributes };
  },
});
export const loadAssembly = load(false);
export const vectorLoadAssembly = load(true);

/** `affine.store %v, %m[%i] : memref<4xf32>`, or with a vector type after it. */
const store = (isVector: boolean): CustomAssembly => ({
  print(op, printer) {
    const [value, memref, ...values] = op.operands;
    printer.write(" ");
    printer.value(value!);
    printer.write(", ");
    printAccess(printer, memref!, mapOf(op), values);
    printer.attributeDictionary(op, ["map"]);
    printer.write(" : ");
    printer.typesOf(isVector ? [memref!, value!] : [memref!]);
  },
  parse(parser) {
    const value = parser.operand();
    parser.expect(",");
    const access = parseAccess(parser);
    const attributes = withMap(parser.attributeDictionary(), access.map);
    parser.expect(":");
    const type = memRefType(parser);
    if (isVector) parser.expect(",");
    const stored = parser.resolve(value, isVector ? parser.type() : type.element);
    return { operands: [stored, ...resolveAccess(parser, access, type)], attributes };
  },
});
export const storeAssembly = store(false);
export const vectorStoreAssembly = store(true);

const flag = (op: Operation, name: string): boolean => {
  const attribute = op.properties[name] ?? op.attributes[name];
  assume(attribute?.kind === "bool");
  return attribute.value;
};

/** `affine.prefetch %m[%i], read, locality<3>, data : memref<4xf32>`. */
export const prefetchAssembly: CustomAssembly = {
  print(op, printer) {
    const [memref, ...values] = op.operands;
    const hint = op.properties["localityHint"];
    assume(hint?.kind === "integer");
    printer.write(" ");
    printAccess(printer, memref!, mapOf(op), values);
    printer.write(`, ${flag(op, "isWrite") ? "write" : "read"}, locality<${hint.value}>, `);
    printer.write(flag(op, "isDataCache") ? "data" : "instr");
    printer.attributeDictionary(op, ["map", "localityHint", "isDataCache", "isWrite"]);
    printer.write(" : ");
    printer.typesOf([memref!]);
  },
  parse(parser) {
    const access = parseAccess(parser);
    parser.expect(",");
    const mode = parser.keyword();
    const start = parser.place();
    for (const token of [",", "locality", "<"]) parser.expect(token);
    const hint = parser.integer();
    for (const token of [">", ","]) parser.expect(token);
    const cache = parser.keyword();
    if (mode !== "read" && mode !== "write") parser.fail("rw specifier has to be 'read' or 'write'", start);
    if (cache !== "data" && cache !== "instr") parser.fail("cache type has to be 'data' or 'instr'", start);
    const attributes = {
      ...withMap(parser.attributeDictionary(), access.map),
      localityHint: integerAttribute(hint, i32),
      isWrite: boolAttribute(mode === "write"),
      isDataCache: boolAttribute(cache === "data"),
    };
    parser.expect(":");
    return { operands: resolveAccess(parser, access, memRefType(parser)), attributes };
  },
};

// --- transfers that go on by themselves ------------------------------------------------------------------------------------------

/** The memrefs of `affine.dma_start` in their order, each with the name of its map. */
export const dmaMaps = ["src_map", "dst_map", "tag_map"] as const;

/** `affine.dma_start %src[%i], %dst[%j], %tag[%k], %n, %stride, %length : types`. Its attributes are not printed besides. */
export const dmaStartAssembly: CustomAssembly = {
  print(op, printer) {
    let rest = op.operands;
    const memrefs: ValueId[] = [];
    printer.write(" ");
    for (const name of dmaMaps) {
      const map = mapOf(op, name);
      const end = 1 + map.dimensions + map.symbols;
      assume(rest.length > end);
      memrefs.push(rest[0]!);
      printAccess(printer, rest[0]!, map, rest.slice(1, end));
      printer.write(", ");
      rest = rest.slice(end);
    }
    printer.values(rest);
    printer.write(" : ");
    printer.typesOf(memrefs);
  },
  parse(parser) {
    const start = parser.place();
    const accesses = dmaMaps.map((_, index) => {
      if (index > 0) parser.expect(",");
      return parseAccess(parser);
    });
    parser.expect(",");
    const count = parser.operand();
    const strides = parser.optional(",") ? parser.operands() : [];
    if (strides.length !== 0 && strides.length !== 2) parser.fail("expected two stride related operands", start);
    parser.expect(":");
    const types = parser.types();
    if (types.length !== accesses.length) parser.fail("expected three types", start);
    return {
      operands: [
        ...accesses.flatMap((access, index) => resolveAccess(parser, access, types[index]!)),
        ...[count, ...strides].map((operand) => parser.resolve(operand, indexType)),
      ],
      attributes: Object.fromEntries(accesses.map(({ map }, index) => [dmaMaps[index]!, affineMapAttribute(map)])),
    };
  },
};

/** `affine.dma_wait %tag[%k], %n : type`. */
export const dmaWaitAssembly: CustomAssembly = {
  print(op, printer) {
    const [tag, ...rest] = op.operands;
    assume(rest.length > 0);
    printer.write(" ");
    printAccess(printer, tag!, mapOf(op, "tag_map"), rest.slice(0, -1));
    printer.write(", ");
    printer.value(rest.at(-1)!);
    printer.write(" : ");
    printer.typesOf([tag!]);
  },
  parse(parser) {
    const start = parser.place();
    const access = parseAccess(parser);
    parser.expect(",");
    const count = parser.operand();
    parser.expect(":");
    const type = parser.type();
    if (type.kind !== "memref") parser.fail("expected tag to be of memref type", start);
    return {
      operands: [...resolveAccess(parser, access, type), parser.resolve(count, indexType)],
      attributes: { tag_map: affineMapAttribute(access.map) },
    };
  },
};
