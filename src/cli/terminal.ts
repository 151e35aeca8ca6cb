// What the commands know of the terminal: whether there is one, how to colour a text, how wide it is, and
// which characters it must never be sent.

import { styleText } from "node:util";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "blue" | "magenta" | "cyan";

/** Colours, or nothing, around a text. */
export type Painter = (style: Style, text: string) => string;

/**
 * Whether to colour what goes to a stream: only on a terminal, unless NO_COLOR or FORCE_COLOR say
 * otherwise (no-color.org).
 */
export function wantsColor(
  stream: { readonly isTTY?: boolean },
  env: NodeJS.ProcessEnv = process.env,
): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "" && env.FORCE_COLOR !== "0") return true;
  return stream.isTTY === true && env.TERM !== "dumb";
}

export function painter(color: boolean): Painter {
  return color
    ? (style, text) => styleText(style, text, { validateStream: false } as never)
    : (_style, text) => text;
}

// Everything that moves a cursor, begins an escape sequence or turns the direction of writing around, which
// makes a text read as another one (CVE-2021-42574). Tab and line feed do no harm.
const COMMANDS =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A text in which nothing commands the terminal: what would is shown as an escape, `\x1b`. Tabs and line feeds stay. */
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

const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
// The blocks that every terminal shows two columns wide: Hangul, CJK, kana, full-width forms, emoji.
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]$/u;

/** How many columns a text takes. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += ZERO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return columns;
}

/** The text in at most so many columns; what is cut away becomes an ellipsis in the middle, so that an extension stays. */
export function fitColumns(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const characters = [...text];
  const tail = takeColumns(characters.toReversed(), Math.floor((columns - 1) / 2)).reverse();
  const head = takeColumns(characters, columns - 1 - columnsOf(tail.join("")));
  return `${head.join("")}…${tail.join("")}`;
}

function takeColumns(characters: readonly string[], columns: number): string[] {
  const taken: string[] = [];
  let left = columns;
  for (const character of characters) {
    left -= columnsOf(character);
    if (left < 0) break;
    taken.push(character);
  }
  return taken;
}
