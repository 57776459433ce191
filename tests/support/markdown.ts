/** The contents of a document's fenced code blocks in the given languages. */
export const codeBlocks = (document: string, ...languages: readonly string[]): readonly string[] =>
  [...document.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, language]) => languages.includes(language!))
    .map(([, , content]) => content!);

/** The files in the repository that a document links to or shows. */
export const linkTargets = (document: string): readonly string[] =>
  [...document.matchAll(/\]\(([^)#\s]+)\)|src="([^"]+)"/g)]
    .map(([, link, source]) => link ?? source!)
    .filter((target) => !target.includes("://"));
