// Hurl's escapes: in keys, in values, in texts between backticks, in names of files.

import { HIDDEN } from "./readable.ts";

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

// Two braces begin a placeholder, so the first of them is none.
const EVERYWHERE = `\\{(?=\\{)|[\\n\\r\\t]|${HIDDEN.source}`;
const IN_VALUE = new RegExp(`[\\\\#]|^ | $|${EVERYWHERE}`, "g");
const IN_BACKTICKS = new RegExp(`[\\\\\`]|${EVERYWHERE}`, "g");
const IN_FILE_NAME = new RegExp(`[\\\\#; {}]|[\\n\\r\\t]|${HIDDEN.source}`, "g");
// Letters of every script may stand as they are.
const IN_KEY = /[^\p{L}\p{N}_.@$-]/gu;

/** The rest of a line: a URL, the value of a field, a parameter or an option. */
export function hurlValue(text: string): string {
  return text.replace(IN_VALUE, (one) => (one === "\\" || one === "#" ? `\\${one}` : escaped(one)));
}

/** The name of a field or a parameter. */
export function hurlKey(text: string): string {
  return text.replace(IN_KEY, escaped);
}

/** A text on one line. */
export function backticked(text: string): string {
  return `\`${text.replace(IN_BACKTICKS, (one) => (one === "\\" || one === "`" ? `\\${one}` : escaped(one)))}\``;
}

export function hurlFileName(path: string): string {
  return path.replace(IN_FILE_NAME, (one) => ("\\#; {}".includes(one) ? `\\${one}` : escaped(one)));
}

function escaped(character: string): string {
  return SHORT[character] ?? `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
}
