import type { CustomAssembly, CustomDirective, ParsedRegion, UnresolvedOperand } from "../../assembly.ts";
import { exactNumber, i32ArrayAttribute, i64ArrayAttribute, unitAttribute } from "../../attributes.ts";
import type { ValueId } from "../../module.ts";
import { i1, indexType } from "../../types.ts";
import {
  parseAssignments,
  parseFunctionType,
  printAssignments,
  resolveAssignments,
  withTypes,
} from "./loop-arguments.ts";
import { assume, onlyBlock } from "./malformed.ts";

/** `scf.for %i = %a to %b step %c iter_args(%x = %y) -> (f32) { … }`. */
export const forAssembly: CustomAssembly = {
  print(op, printer) {
    const [lower, upper, step, ...inits] = op.operands;
    const [induction, ...carried] = onlyBlock(printer.reader, op).arguments;
    assume(induction !== undefined && carried.length === inits.length && op.results.length === inits.length);
    printer.write(op.properties["unsignedCmp"] === undefined ? " " : " unsigned ");
    printer.value(induction);
    printer.write(" = ");
    printer.value(lower!);
    printer.write(" to ");
    printer.value(upper!);
    printer.write(" step ");
    printer.value(step!);
    if (inits.length > 0) {
      printer.write(" iter_args");
      printAssignments(printer, carried, inits);
      printer.write(" -> (");
      printer.typesOf(inits);
      printer.write(")");
    }
    printer.write(" ");
    const type = printer.reader.typeOf(induction);
    if (type !== indexType) {
      printer.write(" : ");
      printer.type(type);
      printer.write(" ");
    }
    printer.region(op, 0, { entryArguments: false, terminator: inits.length > 0 });
    printer.attributeDictionary(op, ["unsignedCmp"]);
  },
  parse(parser) {
    const isUnsigned = parser.optional("unsigned");
    const induction = parser.operand();
    parser.expect("=");
    const lower = parser.operand();
    parser.expect("to");
    const upper = parser.operand();
    parser.expect("step");
    const step = parser.operand();
    const isCarrying = parser.optional("iter_args");
    const assignments = isCarrying ? parseAssignments(parser) : [];
    const types = isCarrying ? parser.optionalResultTypes() : [];
    if (types.length !== assignments.length)
      parser.fail("mismatch in number of loop-carried values and defined values");
    const bound = parser.optional(":") ? parser.type() : indexType;
    const bounds = parser.resolveAll([lower, upper, step], [bound, bound, bound]);
    const inits = parser.resolveAll(
      assignments.map(({ value }) => value),
      types,
    );
    const names = [induction, ...assignments.map(({ argument }) => argument)];
    const region = parser.region(withTypes(parser, names, [bound, ...types]));
    parser.ensureTerminator(region, "scf.yield");
    const dictionary = parser.attributeDictionary();
    return {
      operands: [...bounds, ...inits],
      resultTypes: types,
      regions: [region],
      attributes: isUnsigned ? { ...dictionary, unsignedCmp: unitAttribute } : dictionary,
    };
  },
};

/** `scf.if %c -> (f32) { … } else { … }`. */
export const ifAssembly: CustomAssembly = {
  print(op, printer) {
    onlyBlock(printer.reader, op);
    const terminator = op.results.length > 0;
    printer.write(" ");
    printer.values(op.operands);
    if (terminator) {
      printer.write(" -> (");
      printer.typesOf(op.results);
      printer.write(")");
    }
    printer.write(" ");
    printer.region(op, 0, { entryArguments: false, terminator });
    if (op.regions[1]!.length > 0) {
      printer.write(" else ");
      printer.region(op, 1, { entryArguments: false, terminator });
    }
    printer.attributeDictionary(op);
  },
  parse(parser) {
    const condition = parser.resolve(parser.operand(), i1);
    const resultTypes = parser.optionalResultTypes();
    const regions = [parser.region([])];
    regions.push(parser.optional("else") ? parser.region([]) : parser.emptyRegion());
    parser.ensureTerminator(regions[0]!, "scf.yield");
    if (!parser.isEmpty(regions[1]!)) parser.ensureTerminator(regions[1]!, "scf.yield");
    return { operands: [condition], resultTypes, regions, attributes: parser.attributeDictionary() };
  },
};

/** `scf.while (%x = %y) : (f32) -> f32 { … } do { … }`. */
export const whileAssembly: CustomAssembly = {
  print(op, printer) {
    const before = onlyBlock(printer.reader, op).arguments;
    onlyBlock(printer.reader, op, 1);
    assume(before.length === op.operands.length);
    if (before.length > 0) {
      printer.write(" ");
      printAssignments(printer, before, op.operands);
    }
    printer.write(" : (");
    printer.typesOf(op.operands);
    printer.write(")");
    if (op.results.length === 0) printer.write(" -> ()");
    else printer.optionalResultTypes(op.results.map((result) => printer.reader.typeOf(result)));
    printer.write(" ");
    printer.region(op, 0, { entryArguments: false });
    printer.write(" do ");
    printer.region(op, 1);
    if (Object.keys(op.attributes).length + Object.keys(op.properties).length > 0) {
      printer.write(" attributes");
      printer.attributeDictionary(op);
    }
  },
  parse(parser) {
    const assignments = parser.at("(") ? parseAssignments(parser) : [];
    parser.expect(":");
    const start = parser.place();
    const type = parseFunctionType(parser);
    const operands = resolveAssignments(parser, assignments, type.inputs, start);
    const names = assignments.map(({ argument }) => argument);
    const before = parser.region(withTypes(parser, names, type.inputs));
    parser.expect("do");
    const after = parser.region();
    const attributes = parser.optional("attributes") ? parser.attributeDictionary() : {};
    return { operands, resultTypes: type.results, regions: [before, after], attributes };
  },
};

/** `scf.parallel (%i, %j) = (%a, %b) to (%c, %d) step (%e, %f) init (%x) -> f32 { … }`. */
export const parallelAssembly: CustomAssembly = {
  print(op, printer) {
    const sizes = op.properties["operandSegmentSizes"];
    assume(sizes?.kind === "dense-array");
    const [lower, upper, step] = sizes.values.map(Number);
    const group = (start: number, size: number | undefined): readonly ValueId[] =>
      op.operands.slice(start, start + (size ?? 0));
    const list = (word: string, values: readonly ValueId[]): void => {
      printer.write(` ${word} (`);
      printer.values(values);
      printer.write(")");
    };
    printer.write(" (");
    printer.values(onlyBlock(printer.reader, op).arguments);
    printer.write(")");
    list("=", group(0, lower));
    list("to", group(lower!, upper));
    list("step", group(lower! + upper!, step));
    const inits = op.operands.slice(lower! + upper! + step!);
    if (inits.length > 0) list("init", inits);
    printer.optionalResultTypes(op.results.map((result) => printer.reader.typeOf(result)));
    printer.write(" ");
    printer.region(op, 0, { entryArguments: false });
    printer.attributeDictionary(op, ["operandSegmentSizes"]);
  },
  parse(parser) {
    const names = parser.list("(", ")", () => parser.argument(false));
    const operandList = () => parser.list("(", ")", () => parser.operand());
    parser.expect("=");
    const lower = operandList();
    parser.expect("to");
    const upper = operandList();
    parser.expect("step");
    const step = operandList();
    const inits = parser.optional("init") ? operandList() : [];
    const resultTypes = parser.optionalResultTypes();
    const indices = (operands: readonly UnresolvedOperand[]) =>
      operands.map((operand) => parser.resolve(operand, indexType));
    const operands = [...indices(lower), ...indices(upper), ...indices(step), ...parser.resolveAll(inits, resultTypes)];
    const region = parser.region(
      withTypes(
        parser,
        names,
        names.map(() => indexType),
      ),
    );
    parser.ensureTerminator(region, "scf.reduce");
    return {
      operands,
      resultTypes,
      regions: [region],
      attributes: {
        ...parser.attributeDictionary(),
        operandSegmentSizes: i32ArrayAttribute([lower, upper, step, inits].map((list) => list.length)),
      },
    };
  },
};

/** `scf.execute_region -> f32 no_inline { … }`. */
export const executeRegionAssembly: CustomAssembly = {
  print(op, printer) {
    printer.optionalResultTypes(op.results.map((result) => printer.reader.typeOf(result)));
    printer.write(op.properties["no_inline"] === undefined ? " " : " no_inline ");
    printer.region(op, 0, { entryArguments: false });
    printer.attributeDictionary(op, ["no_inline"]);
  },
  parse(parser) {
    const resultTypes = parser.optionalResultTypes();
    const isKept = parser.optional("no_inline");
    const regions = [parser.region()];
    const dictionary = parser.attributeDictionary();
    return { resultTypes, regions, attributes: isKept ? { ...dictionary, no_inline: unitAttribute } : dictionary };
  },
};

/** `case 1 { … }` on a line each. */
export const switchCases: CustomDirective = {
  print(op, names, printer) {
    const cases = op.attribute(names[0]!);
    const regions = op.regions(names[1]!);
    assume(cases?.kind === "dense-array" && cases.values.length === regions.length);
    regions.forEach((region, index) => {
      printer.newline();
      printer.write(`case ${cases.values[index]!} `);
      printer.region(op.op, region, { entryArguments: false });
    });
  },
  parse(read, names, parser) {
    const values: (number | bigint)[] = [];
    const regions: ParsedRegion[] = [];
    while (parser.optional("case")) {
      if (!parser.atInteger()) parser.fail("expected integer value");
      values.push(exactNumber(parser.integer()));
      regions.push(parser.region());
    }
    read.setAttribute(names[0]!, i64ArrayAttribute(values));
    read.setRegions(names[1]!, regions);
  },
};
