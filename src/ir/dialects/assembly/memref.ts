import type { CustomAssembly, OperationParser, OperationPrinter, UnresolvedOperand } from "../../assembly.ts";
import { affineMapAttribute, boolAttribute, integerAttribute } from "../../attributes.ts";
import type { ValueId } from "../../module.ts";
import { elementOf, i32, indexType, type Type } from "../../types.ts";
import { assume } from "./malformed.ts";

const repeated = (type: Type, count: number): readonly Type[] => Array.from({ length: count }, () => type);

/** A buffer and the place of an element in it: `%m[%i, %j]`. */
interface Element {
  readonly memref: UnresolvedOperand;
  readonly indices: readonly UnresolvedOperand[];
}
function parseElement(parser: OperationParser): Element {
  const memref = parser.operand();
  return { memref, indices: parser.list("[", "]", () => parser.operand()) };
}
const resolveElement = (parser: OperationParser, { memref, indices }: Element, type: Type): readonly ValueId[] => [
  parser.resolve(memref, type),
  ...parser.resolveAll(indices, repeated(indexType, indices.length)),
];
function printElement(printer: OperationPrinter, [memref, ...indices]: readonly ValueId[]): void {
  printer.value(memref!);
  printer.write("[");
  printer.values(indices);
  printer.write("]");
}

/** `memref.alloca_scope -> (i32) { … }`. */
export const allocaScopeAssembly: CustomAssembly = {
  print(op, printer) {
    const types = op.results.map((result) => printer.reader.typeOf(result));
    printer.write(" ");
    if (types.length > 0) {
      printer.write(" -> (");
      printer.types(types);
      printer.write(")");
    }
    printer.write(" ");
    printer.region(op, 0, { entryArguments: false, terminator: types.length > 0 });
    printer.attributeDictionary(op);
  },
  parse(parser) {
    const resultTypes = parser.optionalResultTypes();
    const body = parser.region([]);
    parser.ensureTerminator(body, "memref.alloca_scope.return");
    return { resultTypes, attributes: parser.attributeDictionary(), regions: [body] };
  },
};

/** `memref.generic_atomic_rmw %m[%i] : memref<8xf32> { ^bb0(%old: f32): … }`. */
export const genericAtomicAssembly: CustomAssembly = {
  print(op, printer) {
    printer.write(" ");
    printElement(printer, op.operands);
    printer.write(" : ");
    printer.type(printer.reader.typeOf(op.operands[0]!));
    printer.write(" ");
    printer.region(op, 0);
    printer.attributeDictionary(op);
  },
  parse(parser) {
    const element = parseElement(parser);
    parser.expect(":");
    const type = parser.type();
    const operands = resolveElement(parser, element, type);
    const body = parser.region();
    return { operands, resultTypes: [elementOf(type)], regions: [body], attributes: parser.attributeDictionary() };
  },
};

/** `memref.prefetch %m[%i], read, locality<3>, data : memref<8xf32>`. */
export const prefetchAssembly: CustomAssembly = {
  print(op, printer) {
    const { isWrite, localityHint, isDataCache } = op.properties;
    assume(isWrite?.kind === "bool" && localityHint?.kind === "integer" && isDataCache?.kind === "bool");
    printer.write(" ");
    printElement(printer, op.operands);
    printer.write(`, ${isWrite.value ? "write" : "read"}, locality<${localityHint.value}>, `);
    printer.write(isDataCache.value ? "data" : "instr");
    printer.attributeDictionary(op, ["isWrite", "localityHint", "isDataCache"]);
    printer.write(" : ");
    printer.type(printer.reader.typeOf(op.operands[0]!));
  },
  parse(parser) {
    const element = parseElement(parser);
    parser.expect(",");
    if (!parser.at("read") && !parser.at("write")) parser.fail("rw specifier has to be 'read' or 'write'");
    const isWrite = parser.keyword() === "write";
    parser.expect(",");
    parser.expect("locality");
    parser.expect("<");
    const hint = parser.integer();
    parser.expect(">");
    parser.expect(",");
    if (!parser.at("data") && !parser.at("instr")) parser.fail("cache type has to be 'data' or 'instr'");
    const isDataCache = parser.keyword() === "data";
    const extra = parser.attributeDictionary();
    parser.expect(":");
    return {
      operands: resolveElement(parser, element, parser.type()),
      attributes: {
        ...extra,
        isWrite: boolAttribute(isWrite),
        localityHint: integerAttribute(hint, i32),
        isDataCache: boolAttribute(isDataCache),
      },
    };
  },
};

/** `memref.transpose %m (d0, d1) -> (d1, d0) : memref<2x3xf32> to memref<3x2xf32, …>`. */
export const transposeAssembly: CustomAssembly = {
  print(op, printer) {
    const { permutation } = op.properties;
    assume(permutation?.kind === "affine-map");
    printer.write(" ");
    printer.values(op.operands);
    printer.write(` ${permutation.map.text}`);
    printer.attributeDictionary(op, ["permutation"]);
    printer.write(" : ");
    printer.typesOf(op.operands);
    printer.write(" to ");
    printer.typesOf(op.results);
  },
  parse(parser) {
    const operand = parser.operand();
    const permutation = affineMapAttribute(parser.affineMap());
    const extra = parser.attributeDictionary();
    parser.expect(":");
    const type = parser.type();
    parser.expect("to");
    return {
      operands: [parser.resolve(operand, type)],
      resultTypes: [parser.type()],
      attributes: { ...extra, permutation },
    };
  },
};

/** `memref.dma_start %src[%i], %dst[%j], %n, %tag[%k], %stride, %per_stride : memref<…>, memref<…>, memref<…>`. */
export const dmaStartAssembly: CustomAssembly = {
  print(op, printer) {
    const isMemRef = (value: ValueId | undefined): boolean =>
      value !== undefined && printer.reader.typeOf(value).kind === "memref";
    const rankOf = (value: ValueId | undefined): number => {
      const type = value === undefined ? undefined : printer.reader.typeOf(value);
      assume(type?.kind === "memref");
      return type.shape.length;
    };
    const { operands } = op;
    const afterSource = 1 + rankOf(operands[0]);
    const afterTarget = afterSource + 1 + rankOf(operands[afterSource]);
    const tag = afterTarget + 1;
    const afterTag = tag + 1 + rankOf(operands[tag]);
    assume(isMemRef(operands[tag]) && (operands.length === afterTag || operands.length === afterTag + 2));
    printer.write(" ");
    printElement(printer, operands.slice(0, afterSource));
    printer.write(", ");
    printElement(printer, operands.slice(afterSource, afterTarget));
    printer.write(", ");
    printer.value(operands[afterTarget]!);
    printer.write(", ");
    printElement(printer, operands.slice(tag, afterTag));
    for (const value of operands.slice(afterTag)) {
      printer.write(", ");
      printer.value(value);
    }
    printer.attributeDictionary(op);
    printer.write(" : ");
    printer.typesOf([operands[0]!, operands[afterSource]!, operands[tag]!]);
  },
  parse(parser) {
    const source = parseElement(parser);
    parser.expect(",");
    const target = parseElement(parser);
    parser.expect(",");
    const count = parser.operand();
    parser.expect(",");
    const tag = parseElement(parser);
    const strides = parser.optional(",") ? parser.operands() : [];
    if (strides.length !== 0 && strides.length !== 2) parser.fail("expected two stride related operands");
    const attributes = parser.attributeDictionary();
    parser.expect(":");
    const types = parser.types();
    if (types.length !== 3) parser.fail("fewer/more types expected");
    return {
      operands: [
        ...resolveElement(parser, source, types[0]!),
        ...resolveElement(parser, target, types[1]!),
        parser.resolve(count, indexType),
        ...resolveElement(parser, tag, types[2]!),
        ...parser.resolveAll(strides, repeated(indexType, strides.length)),
      ],
      attributes,
    };
  },
};
