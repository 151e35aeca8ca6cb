// Names and keys as they can be shown in a line of text: they may hold any character, and a terminal obeys some.

/** What would forge another line, steer the terminal, or turn the direction of what is read. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** The text with `\x1b` and the like in place of what must not reach a terminal. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
  });
}
