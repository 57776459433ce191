import { fusedLocation, type Location, unknownLocation } from "../support/location.ts";
import { builtin } from "./dialects/builtin.ts";
import { func } from "./dialects/func.ts";
import type { Attributes } from "./attributes.ts";
import type { Builder } from "./builder.ts";
import type { Module, OpId, Operation, ValueId } from "./module.ts";
import { Rewriter } from "./rewriter.ts";
import { functionType, type Type } from "./types.ts";

const empty: Module = Object.freeze({
  operations: Object.freeze([]),
  values: Object.freeze([]),
  blocks: Object.freeze([]),
  root: 0 as OpId,
  resources: Object.freeze({}),
});

/** A `builtin.module` whose body `fill` builds, at the end of its one block. */
export function createModule(fill: (builder: Rewriter) => void, location: Location = unknownLocation): Module {
  const rewriter = new Rewriter(empty);
  rewriter.location = location;
  rewriter.createRoot({
    name: builtin.module.name,
    regions: [[{ arguments: [], body: () => fill(rewriter) }]],
  });
  return rewriter.commit().module;
}

/** Makes a function; `body` builds its operations and returns what it returns. Result types are those of the returned values. */
export function createFunction(
  rewriter: Rewriter,
  name: string,
  inputs: readonly Type[],
  body: (builder: Builder, values: readonly ValueId[]) => readonly ValueId[],
  options: { readonly attributes?: Attributes; readonly properties?: Attributes } = {},
): Operation {
  let results: readonly Type[] = [];
  const { op } = func.func.build(
    rewriter,
    {},
    { sym_name: name, function_type: functionType(inputs, []) },
    {
      extra: options.attributes ?? {},
      regions: {
        body: [
          {
            arguments: inputs,
            body: (builder, values) => {
              const returned = body(builder, values);
              results = returned.map((value) => builder.typeOf(value));
              func.return.build(builder, { operands: returned }, {});
            },
          },
        ],
      },
    },
  );
  const typed = rewriter.operation(op.id);
  rewriter.update(typed.id, {
    properties: {
      ...typed.properties,
      function_type: { kind: "type", type: functionType(inputs, results) },
      ...options.properties,
    },
  });
  return rewriter.operation(op.id);
}

/** The location of something a pass makes out of several operations. */
export const locationOf = (pass: string, ...from: readonly Operation[]): Location =>
  fusedLocation(
    pass,
    from.map((op) => op.location),
  );
