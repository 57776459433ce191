/**
 * The text with each line indented by the brackets that are open where it begins, no blanks at the ends of lines, at most one empty line
 * in a row and one newline at the end. Names, comments and the breaks of lines stay as they are: nothing but white space changes.
 */
export function formatText(text: string, indent = "  "): string {
  const lines: string[] = [];
  let depth = 0;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const content = line.trim();
    if (content === "") {
      if (lines.length > 0 && lines.at(-1) !== "") lines.push("");
      continue;
    }
    const { closedFirst, change } = bracketsOf(content);
    // Block labels stand with the operation whose region they are in.
    const outdent = closedFirst + (/^\^[\w$.-]+\s*(?:\(.*\))?\s*:/.test(content) ? 1 : 0);
    lines.push(indent.repeat(Math.max(0, depth - outdent)) + content);
    depth = Math.max(0, depth + change);
  }
  while (lines.at(-1) === "") lines.pop();
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** How many levels a line closes before anything else, and by how many it leaves the depth changed. */
function bracketsOf(line: string): { readonly closedFirst: number; readonly change: number } {
  const code = line
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
    .replace(/\/\/.*$/, "")
    .replace("#-}", "}");
  // Several brackets that are opened together on a line are one level, as in `"op"() ({`.
  const brackets = code
    .replaceAll(/[^()[\]{}]/g, "")
    .replaceAll(/\(\{/g, "{")
    .replaceAll(/\}\)/g, "}");
  const unmatched = withoutPairs(brackets);
  const closed = /^[)\]}]*/.exec(unmatched)![0].length;
  const opened = unmatched.length - closed;
  const startsClosing = /^[)\]}]/.test(code);
  return { closedFirst: startsClosing ? Math.min(closed, leadingClosers(code)) : 0, change: opened - closed };
}
const leadingClosers = (code: string): number => {
  const leading = /^[)\]}\s]*/.exec(code)![0].replaceAll(/\s/g, "");
  return leading.replaceAll("})", "}").length;
};
function withoutPairs(brackets: string): string {
  const open: string[] = [];
  const closers: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
  for (const bracket of brackets)
    if (open.length > 0 && closers[bracket] === open.at(-1)) open.pop();
    else open.push(bracket);
  return open.join("");
}
