import type { ElementType } from "../../support/numeric/element-type.ts";
import { TensorProto_DataType as DataType } from "./protobuf/onnx_pb.ts";

/** ONNX's data types and their element types. Complex numbers have none: no operator but DFT's relatives uses them. */
const pairs: readonly (readonly [number, ElementType])[] = [
  [DataType.FLOAT, "f32"],
  [DataType.UINT8, "ui8"],
  [DataType.INT8, "i8"],
  [DataType.UINT16, "ui16"],
  [DataType.INT16, "i16"],
  [DataType.INT32, "i32"],
  [DataType.INT64, "i64"],
  [DataType.STRING, "string"],
  [DataType.BOOL, "i1"],
  [DataType.FLOAT16, "f16"],
  [DataType.DOUBLE, "f64"],
  [DataType.UINT32, "ui32"],
  [DataType.UINT64, "ui64"],
  [DataType.BFLOAT16, "bf16"],
  [DataType.FLOAT8E4M3FN, "f8E4M3FN"],
  [DataType.FLOAT8E4M3FNUZ, "f8E4M3FNUZ"],
  [DataType.FLOAT8E5M2, "f8E5M2"],
  [DataType.FLOAT8E5M2FNUZ, "f8E5M2FNUZ"],
  [DataType.UINT4, "ui4"],
  [DataType.INT4, "i4"],
  [DataType.FLOAT4E2M1, "f4E2M1FN"],
  [DataType.FLOAT8E8M0, "f8E8M0FNU"],
  [DataType.UINT2, "ui2"],
  [DataType.INT2, "i2"],
];
const elementTypes: ReadonlyMap<number, ElementType> = new Map(pairs);
const dataTypes: ReadonlyMap<ElementType, number> = new Map(pairs.map(([dataType, type]) => [type, dataType]));
const names: ReadonlyMap<number, string> = new Map(Object.entries(DataType).map(([name, number]) => [number, name]));

/** The element type of a `TensorProto.DataType`, as in the `to` attribute of Cast; undefined for complex and unknown ones. */
export const elementTypeOf = (dataType: number): ElementType | undefined => elementTypes.get(dataType);

/** The `TensorProto.DataType` of an element type; undefined for `index`, which ONNX does not have. */
export const dataTypeOf = (elementType: ElementType): number | undefined => dataTypes.get(elementType);

/** ONNX's name of a data type (`FLOAT16`), also of those without an element type. */
export const dataTypeName = (dataType: number): string => names.get(dataType) ?? `unknown (${dataType})`;

/** The element type that ONNX's upper-case name (`FLOAT16`) denotes, as Cast-1 spells its `to`. */
export function elementTypeNamed(name: string): ElementType | undefined {
  const dataType = Object.hasOwn(DataType, name) ? DataType[name as keyof typeof DataType] : undefined;
  return dataType === undefined ? undefined : elementTypeOf(dataType);
}
