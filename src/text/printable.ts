// What may be shown of a text that came from elsewhere: nothing in it commands a terminal.

// Everything that moves a cursor, begins an escape sequence or turns the direction of writing around, which makes
// a text read as another one (CVE-2021-42574). Tab and line feed do no harm.
const COMMANDS =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The text with an escape, such as `\x1b`, for everything that commands a terminal. Tabs and line feeds stay. */
export function printable(text: string): string {
  return text.replace(COMMANDS, escaped);
}

/** As printable(), for what has to stay on one line. */
export function printableLine(text: string): string {
  return printable(text).replace(/[\t\n]/g, escaped);
}

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, "0")}`
    : `\\u${code.toString(16).padStart(4, "0")}`;
}
