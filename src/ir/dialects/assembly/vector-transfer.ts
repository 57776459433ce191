import type { CustomAssembly, OperationParser, OperationPrinter, UnresolvedOperand } from "../../assembly.ts";
import {
  affineMapAttribute,
  arrayAttribute,
  type Attributes,
  boolAttribute,
  i32ArrayAttribute,
} from "../../attributes.ts";
import type { Operation, ValueId } from "../../module.ts";
import { elementOf, indexType, isShaped, type Type, type VectorType } from "../../types.ts";
import { defaultTransferMap, transferMaskType, transferRank } from "../vector-transfer-types.ts";
import { assume } from "./malformed.ts";

/** What of a transfer's attributes need not be written. */
function elided(op: Operation, base: Type, vector: Type): readonly string[] {
  const { permutation_map: map, in_bounds: inBounds } = op.properties;
  assume(map?.kind === "affine-map" && inBounds?.kind === "array" && vector.kind === "vector");
  const isDefault = map.map.text === defaultTransferMap(base, vector).text;
  const isOutOfBounds = inBounds.elements.every((element) => element.kind === "bool" && !element.value);
  return ["operandSegmentSizes", ...(isDefault ? ["permutation_map"] : []), ...(isOutOfBounds ? ["in_bounds"] : [])];
}

function printBase(printer: OperationPrinter, base: ValueId, indices: readonly ValueId[]): void {
  printer.value(base);
  printer.write("[");
  printer.values(indices);
  printer.write("]");
}

/** The map, bounds and mask type of a transfer between these types. */
function completed(
  parser: OperationParser,
  { extra: written, place }: Written,
  base: Type,
  vector: Type,
): { readonly attributes: Attributes; readonly mask: () => Type } {
  if (base.kind !== "memref" && base.kind !== "tensor")
    return parser.fail("requires memref or ranked tensor type", place);
  if (vector.kind !== "vector") return parser.fail("requires vector type", place);
  const { permutation_map: given } = written;
  if (given === undefined && base.shape.length < transferRank(base, vector))
    return parser.fail("expected a custom permutation_map when rank(source) != rank(destination)", place);
  const map = given?.kind === "affine-map" ? given.map : defaultTransferMap(base, vector);
  return {
    attributes: {
      in_bounds: arrayAttribute(map.results.map(() => boolAttribute(false))),
      ...written,
      permutation_map: given ?? affineMapAttribute(map),
    },
    mask: () => {
      if (elementOf(base).kind === "vector")
        return parser.fail("does not support masks with vector element type", place);
      if (vector.shape.length !== map.results.length)
        return parser.fail("expected the same rank for the vector and the results of the permutation map", place);
      return transferMaskType(vector, map);
    },
  };
}

interface Written {
  /** Where the types stand. */
  readonly place: number;
  readonly extra: Attributes;
  readonly types: readonly [Type, Type];
}
function parseTail(parser: OperationParser): Written {
  const extra = parser.attributeDictionary();
  parser.expect(":");
  const place = parser.place();
  const types = parser.types();
  if (types.length !== 2) return parser.fail("requires two types", place);
  return { extra, place, types: [types[0]!, types[1]!] };
}
function printRest(printer: OperationPrinter, values: readonly ValueId[]): void {
  for (const value of values) {
    printer.write(", ");
    printer.value(value);
  }
}
const indexTypes = (indices: readonly UnresolvedOperand[]): readonly Type[] => indices.map(() => indexType);
const segments = (...sizes: readonly number[]): Attributes => ({ operandSegmentSizes: i32ArrayAttribute(sizes) });

/** `vector.transfer_read %m[%i], %padding, %mask {in_bounds = [true]} : memref<8xf32>, vector<4xf32>`. */
export const transferReadAssembly: CustomAssembly = {
  print(op, printer) {
    const { reader } = printer;
    const [base] = op.operands;
    const type = reader.typeOf(base!);
    assume(isShaped(type));
    const rank = type.shape.length;
    const vector = reader.typeOf(op.results[0]!) as VectorType;
    const except = elided(op, type, vector);
    printer.write(" ");
    printBase(printer, base!, op.operands.slice(1, 1 + rank));
    printRest(printer, op.operands.slice(1 + rank));
    printer.attributeDictionary(op, except);
    printer.write(" : ");
    printer.types([type, vector]);
  },
  parse(parser) {
    const base = parser.operand();
    const indices = parser.list("[", "]", () => parser.operand());
    parser.expect(",");
    const padding = parser.operand();
    const mask = parser.optional(",") ? parser.operand() : undefined;
    const written = parseTail(parser);
    const [type, vector] = written.types;
    const { attributes, mask: maskType } = completed(parser, written, type, vector);
    return {
      operands: [
        parser.resolve(base, type),
        ...parser.resolveAll(indices, indexTypes(indices)),
        parser.resolve(padding, elementOf(type)),
        ...(mask === undefined ? [] : [parser.resolve(mask, maskType())]),
      ],
      resultTypes: [vector],
      attributes: { ...attributes, ...segments(1, indices.length, 1, mask === undefined ? 0 : 1) },
    };
  },
};

/** `vector.transfer_write %v, %m[%i], %mask {in_bounds = [true]} : vector<4xf32>, memref<8xf32>`. */
export const transferWriteAssembly: CustomAssembly = {
  print(op, printer) {
    const { reader } = printer;
    const [vector, base] = op.operands;
    const type = reader.typeOf(base!);
    assume(isShaped(type));
    const rank = type.shape.length;
    const except = elided(op, type, reader.typeOf(vector!));
    printer.write(" ");
    printer.value(vector!);
    printer.write(", ");
    printBase(printer, base!, op.operands.slice(2, 2 + rank));
    printRest(printer, op.operands.slice(2 + rank));
    printer.attributeDictionary(op, except);
    printer.write(" : ");
    printer.typesOf([vector!, base!]);
  },
  parse(parser) {
    const value = parser.operand();
    parser.expect(",");
    const base = parser.operand();
    const indices = parser.list("[", "]", () => parser.operand());
    const mask = parser.optional(",") ? parser.operand() : undefined;
    const written = parseTail(parser);
    const [vector, type] = written.types;
    const { attributes, mask: maskType } = completed(parser, written, type, vector);
    return {
      operands: [
        parser.resolve(value, vector),
        parser.resolve(base, type),
        ...parser.resolveAll(indices, indexTypes(indices)),
        ...(mask === undefined ? [] : [parser.resolve(mask, maskType())]),
      ],
      resultTypes: type.kind === "tensor" ? [type] : [],
      attributes: { ...attributes, ...segments(1, 1, indices.length, mask === undefined ? 0 : 1) },
    };
  },
};
