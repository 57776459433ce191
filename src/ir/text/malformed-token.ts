/** What is wrong with a malformed token, told by how it begins. */
export function problemOfToken(text: string): string {
  const isAlone = text.length === 1;
  switch (text[0]) {
    case '"':
      // The scanner stops behind the backslash of an escape that is none.
      return text.endsWith("\\") ? "unknown escape in string literal" : `expected '"' in string literal`;
    case "@":
      return isAlone ? "@ identifier expected to start with letter or '_'" : `expected '"' in string literal`;
    case "%":
      return "invalid SSA name";
    case "^":
      return "invalid block name";
    case "#":
      return isAlone ? "invalid attribute name" : unbalanced(text);
    case "!":
      return isAlone ? "invalid type identifier" : unbalanced(text);
    default:
      return "unexpected character";
  }
}

/** Characters that are looked at to tell which bracket is open. */
const looked = 10_000;

/** Which bracket of a dialect's attribute or type is not closed. */
function unbalanced(text: string): string {
  const open: string[] = [];
  const closing: Readonly<Record<string, string>> = { ">": "<", "]": "[", ")": "(", "}": "{" };
  for (const character of text.slice(0, looked)) {
    if ("<[({".includes(character)) open.push(character);
    else if (open.at(-1) === closing[character]) open.pop();
  }
  return `unbalanced '${open.at(-1) ?? text[0]}' character in pretty dialect name`;
}
