import type { CustomAssembly, CustomDirective, OperationParser, OperationPrinter } from "../../assembly.ts";
import {
  type Attributes,
  integerAttribute,
  noAttributes,
  stringAttribute,
  typeAttribute,
  unitAttribute,
} from "../../attributes.ts";
import type { Operation, ValueId } from "../../module.ts";
import { symbolNameOf } from "../../symbols.ts";
import { dialectType, indexType } from "../../types.ts";
import {
  entriesOf,
  listed,
  type ParsedInput,
  parseInputs,
  parseNamed,
  parseResults,
  printEntries,
  printInputs,
  printResults,
  regionArguments,
  signatureOf,
} from "./function-signature.ts";
import { combiningKinds } from "../combining-kinds.ts";
import { reductionKind } from "../gpu/attributes.ts";
import { assume } from "./malformed.ts";

/** The attribute that tells how many of a function's buffers after its arguments lie in workgroup memory. */
export const workgroupCount = "workgroup_attributions";
/** The attribute of functions that may be launched. */
export const kernelMark = "gpu.kernel";

const shownElsewhere = [
  "sym_name",
  "function_type",
  "arg_attrs",
  "res_attrs",
  "workgroup_attrib_attrs",
  "private_attrib_attrs",
  workgroupCount,
  kernelMark,
] as const;

/** `gpu.func @f(%x: f32) workgroup(%w : memref<…>) private(%p : memref<…>) kernel attributes {…} { … }`. */
export const gpuFunctionAssembly: CustomAssembly = {
  print(op, printer) {
    const name = symbolNameOf(op);
    const type = op.properties["function_type"];
    const entry = op.regions[0]?.[0];
    assume(name !== undefined && type?.kind === "type" && type.type.kind === "function" && entry !== undefined);
    const { inputs, results } = type.type;
    const values = printer.reader.block(entry).arguments;
    const counted = op.attributes[workgroupCount];
    assume(counted?.kind === "integer" && values.length >= inputs.length + Number(counted.value));
    const firstPrivate = inputs.length + Number(counted.value);
    printer.write(" ");
    printer.symbol(name);
    printInputs(op, printer, inputs, values);
    printResults(op, printer, results);
    printAttributions(op, printer, "workgroup", values.slice(inputs.length, firstPrivate));
    printAttributions(op, printer, "private", values.slice(firstPrivate));
    if (Object.hasOwn(op.attributes, kernelMark)) printer.write(" kernel");
    const shown: readonly string[] = shownElsewhere;
    if (Object.keys({ ...op.attributes, ...op.properties }).some((key) => !shown.includes(key))) {
      printer.write(" attributes");
      printer.attributeDictionary(op, shownElsewhere);
    }
    printer.write(" ");
    printer.region(op, 0, { entryArguments: false });
  },
  parse(parser) {
    const name = parser.symbol();
    const inputs = parseInputs(parser);
    const results = parseResults(parser);
    const workgroup = parseAttributions(parser, "workgroup");
    const own = parseAttributions(parser, "private");
    const kernel: Attributes = parser.optional("kernel") ? { [kernelMark]: unitAttribute } : noAttributes;
    const extra = parser.optional("attributes") ? parser.attributeDictionary() : noAttributes;
    return {
      attributes: {
        sym_name: stringAttribute(name),
        function_type: typeAttribute(signatureOf(inputs, results)),
        [workgroupCount]: integerAttribute(workgroup.length),
        ...kernel,
        ...listed("arg_attrs", inputs),
        ...listed("res_attrs", results),
        ...listed("workgroup_attrib_attrs", workgroup),
        ...listed("private_attrib_attrs", own),
        ...extra,
      },
      regions: [parser.region(regionArguments([...inputs, ...workgroup, ...own]))],
    };
  },
};

/** ` workgroup(%a : type {…}, …)`, or nothing. */
function printAttributions(
  op: Operation,
  printer: OperationPrinter,
  keyword: "workgroup" | "private",
  values: readonly ValueId[],
): void {
  if (values.length === 0) return;
  printer.write(` ${keyword}(`);
  values.forEach((value, index) => {
    if (index > 0) printer.write(", ");
    printer.value(value);
    printer.write(" : ");
    printer.type(printer.reader.typeOf(value));
    printEntries(printer, entriesOf(op.properties[`${keyword}_attrib_attrs`], index));
  });
  printer.write(")");
}

const parseAttributions = (parser: OperationParser, keyword: string): readonly ParsedInput[] =>
  parser.optional(keyword) ? parser.list("(", ")", () => parseNamed(parser)) : [];

/** `async [%a, %b]`: the type of the token that the operation gives, and the tokens that it waits for. */
export const asyncDependencies: CustomDirective = {
  print(op, [result, dependencies], printer) {
    const [isAsync, values] = [op.types(result!).length > 0, op.operands(dependencies!)];
    if (isAsync) printer.write("async");
    if (values.length === 0) return;
    if (isAsync) printer.write(" ");
    printer.write("[");
    printer.values(values);
    printer.write("]");
  },
  parse(read, [result, dependencies], parser) {
    read.setTypes(result!, parser.optional("async") ? [dialectType("gpu", "async.token")] : []);
    read.setOperands(dependencies!, parser.at("[") ? parser.list("[", "]", () => parser.operand()) : []);
  },
};

/** The type of all sizes, written where it is not `index`. */
export const launchSizeType: CustomDirective = {
  print(op, [size], printer) {
    const [type] = op.types(size!);
    if (type === indexType || type === undefined) return;
    printer.write(": ");
    printer.type(type);
  },
  parse(read, [size, cluster, ...clusterTypes], parser) {
    const type = parser.optional(":") ? parser.type() : indexType;
    read.setTypes(size!, [type]);
    const isClustered = read.operands(cluster!).length > 0;
    for (const name of clusterTypes) read.setTypes(name, isClustered ? [type] : []);
  },
};

/** `args(%a : type, …)`, or nothing. */
export const launchArguments: CustomDirective = {
  print(op, [name], printer) {
    const values = op.operands(name!);
    if (values.length === 0) return;
    printer.write("args(");
    values.forEach((value, index) => {
      if (index > 0) printer.write(", ");
      printer.value(value);
      printer.write(" : ");
      printer.type(printer.reader.typeOf(value));
    });
    printer.write(")");
  },
  parse(read, [name], parser) {
    const given = parser.optional("args")
      ? parser.list("(", ")", () => {
          const operand = parser.operand();
          parser.expect(":");
          return { operand, type: parser.type() };
        })
      : [];
    read.setOperands(
      name!,
      given.map(({ operand }) => operand),
    );
    read.setTypes(
      name!,
      given.map(({ type }) => type),
    );
  },
};

/** ` add`, or nothing where a region combines the values. */
export const reductionOperation: CustomDirective = {
  print(op, [name], printer) {
    const kind = op.attribute(name!);
    if (kind === undefined) return;
    const decoded = reductionKind.codec.decode(kind);
    assume(decoded !== undefined);
    printer.write(` ${decoded}`);
  },
  parse(read, [name], parser) {
    const kind = combiningKinds.find((word) => parser.optional(word));
    if (kind !== undefined) read.setAttribute(name!, reductionKind.codec.encode(kind));
  },
};
