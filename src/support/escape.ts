/** Control characters and invisible ones that change how text around them is shown. */
const dangerous = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Text from a model, safe for a terminal: characters that could move the cursor or hide text become `\u{…}`. Newlines stay. */
export const escapeControls = (text: string): string =>
  text.replace(dangerous, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
