import { CompileError, defineDiagnostics, type Diagnostic, message } from "../support/diagnostic.ts";
import { unknownLocation } from "../support/location.ts";
import type { ElementType } from "../support/numeric/element-type.ts";
import type { HostTensor } from "../support/numeric/host-tensor.ts";

/** One input or output of something that runs. */
export interface Port {
  readonly name: string;
  readonly elementType: ElementType;
  /** Undefined where it is known only when run. */
  readonly shape: readonly number[] | undefined;
}

const runtimeDiagnostics = defineDiagnostics("runtime", {
  "missing-input": {
    severity: "error",
    message: message`input ${"name"} is missing`,
    help: "give it with --input NAME=FILE or --input NAME=random",
  },
  "unknown-input": {
    severity: "error",
    message: message`the model has no input ${"name"}; it has ${"known"}`,
    help: "check the name's spelling",
  },
  "wrong-input": {
    severity: "error",
    message: message`input ${"name"} is ${"given"}, but the model takes ${"expected"}`,
    help: "convert the input, or bind the model's dimensions to this shape",
  },
});

/** Checks inputs against ports. @throws CompileError with everything that is missing, unknown or of another type or shape */
export function checkInputs(ports: readonly Port[], inputs: ReadonlyMap<string, HostTensor>): void {
  const problems: Diagnostic[] = [];
  const known = ports.map((port) => port.name).join(", ");
  for (const name of inputs.keys())
    if (!ports.some((port) => port.name === name))
      problems.push(runtimeDiagnostics.at("unknown-input", unknownLocation, { name, known }));
  for (const { name, elementType, shape } of ports) {
    const given = inputs.get(name);
    if (!given) {
      problems.push(runtimeDiagnostics.at("missing-input", unknownLocation, { name }));
      continue;
    }
    const fits = given.elementType === elementType && (!shape || shape.join() === given.shape.join());
    const spell = (type: string, sizes: readonly number[] | undefined): string =>
      `${type}[${sizes?.join(", ") ?? "?"}]`;
    if (!fits)
      problems.push(
        runtimeDiagnostics.at("wrong-input", unknownLocation, {
          name,
          given: spell(given.elementType, given.shape),
          expected: spell(elementType, shape),
        }),
      );
  }
  if (problems.length > 0) throw new CompileError(problems);
}
