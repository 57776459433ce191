import { readFileSync } from "node:fs";
import { checkOutput } from "./check-output.ts";

/** Runs a command line such as `weft opt file.mlir --pass-pipeline=…` and gives what it writes. */
export type Tool = (words: readonly string[]) => string;

/**
 * Runs a test file: every `// RUN:` line's command, in this process, its output checked against the file's CHECK lines. `%s` is the
 * file. What follows a `|` names the checker; its `--check-prefix=X` (or `--check-prefixes=X,Y`) replaces CHECK.
 * @throws CheckFailure when the output is not as the file says
 */
export function runCheckFile(file: string, tool: Tool): void {
  const text = readFileSync(file, "utf8");
  const commands = commandsOf(text);
  if (commands.length === 0) throw new Error(`${file} has no RUN line`);
  for (const command of commands) {
    const [run, check = ""] = command.split(/\s\|\s/, 2) as [string, string | undefined];
    const prefixes = /--check-prefix(?:es)?[= ]([\w,-]+)/.exec(check)?.[1]?.split(",");
    checkOutput(tool(wordsOf(run).map((word) => word.replaceAll("%s", file))), text, prefixes);
  }
}

/** The RUN lines, those that end in a backslash joined with the next. */
function commandsOf(text: string): readonly string[] {
  const commands: string[] = [];
  let open = "";
  for (const match of text.matchAll(/^\s*\/\/ RUN:(.*)$/gm)) {
    const line = match[1]!.trim();
    if (line.endsWith("\\")) open += `${line.slice(0, -1)} `;
    else {
      commands.push(open + line);
      open = "";
    }
  }
  return commands;
}

/** The words of a command line; quotes keep blanks. */
const wordsOf = (command: string): readonly string[] =>
  [...command.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replaceAll(/["']/g, ""));
