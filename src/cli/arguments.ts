import type { Command, Option } from "commander";

/**
 * Command-line arguments as upstream's users write them, in commander's terms: one dash or two before a long name, `--flag=false`,
 * and values of options that may have none only after `=`, so that `--canonicalize file.mlir` has a file.
 */
export function normalizedArguments(command: Command, args: readonly string[]): readonly string[] {
  const options = optionsByFlag(command);
  const result: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    if (argument === "--") return [...result, ...args.slice(index)];
    const [, name, value] = /^(-.[^=]*)(?:=([^]*))?$/.exec(argument) ?? [];
    const flag = name === undefined || options.has(name) ? name : `-${name}`;
    const option = flag === undefined ? undefined : options.get(flag);
    if (option === undefined) result.push(argument);
    else if (option.required) {
      result.push(value === undefined ? flag! : `${flag}=${value}`);
      if (value === undefined && index + 1 < args.length) result.push(args[++index]!);
    } else if (option.optional) result.push(`${flag}=${value ?? ""}`);
    else if (value === undefined) result.push(flag!);
    else result.push(...truthOf(flag!, value, options));
  }
  return result;
}

function optionsByFlag(command: Command): ReadonlyMap<string, Option> {
  const flags = command.options.flatMap((option) =>
    [option.short, option.long].filter((flag) => flag !== undefined).map((flag) => [flag, option] as const),
  );
  return new Map(flags);
}

/** `--flag=true` and `--flag=false` of a flag without a value. Anything else is left for commander to refuse. */
function truthOf(flag: string, value: string, options: ReadonlyMap<string, Option>): readonly string[] {
  if (/^(true|1)$/i.test(value)) return [flag];
  if (!/^(false|0)$/i.test(value)) return [`${flag}=${value}`];
  const opposite = flag.replace(/^--/, "--no-");
  return options.has(opposite) ? [opposite] : [];
}
