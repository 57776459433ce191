import { type Command, Option } from "commander";
import { backends, findBackend } from "../backends/index.ts";
import { bool, type OptionSpec, optionText } from "../passes/pass-options.ts";

/** Where a model can be run. */
export const runTargets: readonly string[] = ["interpreter", ...backends.map(({ name }) => name)];

/** A backend's option as a command line has it: a switch where it is true or false. */
function commandLineOption(name: string, spec: OptionSpec<unknown>, owners: readonly string[]): Option {
  const flag = `--${optionText(name)}`;
  const fallback = spec.fallback === undefined ? "" : `; default ${String(spec.fallback)}`;
  return spec.description === bool.description
    ? new Option(flag, `${spec.help} (${owners.join(", ")})`)
    : new Option(`${flag} <value>`, `${spec.help} (${owners.join(", ")}: ${spec.description}${fallback})`);
}

/** The names of all options of backends, each with the backends that have it. */
const optionOwners = (): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [...new Set(backends.flatMap(({ options }) => Object.keys(options)))].map((name) => [
      name,
      backends.filter(({ options }) => name in options).map((backend) => backend.name),
    ]),
  );

/** Adds every backend's options to a command, as the backends declare them. */
export function withBackendOptions(command: Command): Command {
  command.optionsGroup("Options of backends:");
  for (const [name, owners] of optionOwners())
    command.addOption(commandLineOption(name, findBackend(owners[0]!).options[name]!, owners));
  return command.optionsGroup("Options:");
}

/**
 * The backends' options that were given, by name.
 * @param target only the options of this backend; without, all: a backend refuses those that it does not have
 */
export function givenBackendOptions(given: object, target?: string): Readonly<Record<string, unknown>> {
  const owners = optionOwners();
  const isWanted = (name: string): boolean =>
    owners.has(name) && (target === undefined || owners.get(name)!.includes(target));
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => value !== undefined && isWanted(name)));
}

/** A backend's `name` option, for backends that have one. */
export const namedAs = (target: string, name: string): Readonly<Record<string, unknown>> =>
  "name" in findBackend(target).options ? { name } : {};
