// Bytes that crossed the wire, as lines in which none of them is lost or commands the terminal.

import { formatBytes } from "../quantities.ts";
import type { Recording } from "./connection.ts";

// Everything that moves a cursor or hides, line ends among it; what is no UTF-8 is found by the decoder.
const SHOWN_AS_ESCAPE = /[\0-\x1f\x7f-\x9f\\\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const ESCAPES: { readonly [character: string]: string } = {
  "\r": "\\r",
  "\n": "\\n",
  "\t": "\\t",
  "\\": "\\\\",
};

/** Each line behind `mark`, ended where a line feed was; `\r\n` and `\x1b` stand for the bytes themselves. */
export function wireText(recording: Recording, mark: string): string {
  let text = "";
  for (const line of linesOf(recording.bytes())) text += `${mark} ${lineText(line)}\n`;
  if (recording.left > 0) text += `${mark} (and ${formatBytes(recording.left)} more, not kept)\n`;
  return text;
}

function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; ) {
    const feed = bytes.indexOf(0x0a, from);
    const to = feed === -1 ? bytes.length : feed + 1;
    yield bytes.subarray(from, to);
    from = to;
  }
}

function lineText(line: Buffer): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line);
    return text.replace(SHOWN_AS_ESCAPE, (character) => escaped(character, character < "\x80" ? 2 : 4));
  } catch {
    // No text: a byte for each character.
    return line.toString("latin1").replace(/[^ -[\]-~]/g, (character) => escaped(character, 2));
  }
}

function escaped(character: string, digits: 2 | 4): string {
  const code = character.charCodeAt(0).toString(16).padStart(digits, "0");
  return ESCAPES[character] ?? `\\${digits === 2 ? "x" : "u"}${code}`;
}
