// Words of a command line, quoted for every POSIX shell: sh, dash, bash, zsh. Knows no command.

import { HIDDEN, utf8Text } from "./readable.ts";

/** A text as one word. What nobody would see in it is written out by printf. */
export function shellWord(text: string): string {
  // zsh looks for a command behind "=".
  if (/^(?!=)[\p{L}\p{N}_@%+=:,./-]+$/u.test(text)) return text;
  return HIDDEN.test(text) ? substituted(Buffer.from(text, "utf8")) : singleQuoted(text);
}

/** Bytes, which need not be text, as one word; there must be no NUL among them. */
export function shellBytes(bytes: Uint8Array): string {
  const text = utf8Text(bytes);
  return text === undefined ? substituted(bytes) : shellWord(text);
}

/** Linux takes no longer argument than 128 KiB. */
const LONGEST_ARGUMENT = 100_000;

/** The text that bytes are, if a person can read it and it can be an argument; others have to come through a pipe. */
export function readableArgument(bytes: Uint8Array): string | undefined {
  const text = bytes.length > LONGEST_ARGUMENT ? undefined : utf8Text(bytes);
  return text === undefined || HIDDEN.test(text) ? undefined : text;
}

/** A command that writes these bytes to its output. */
export function printfCommand(bytes: Uint8Array): string {
  let format = "";
  for (const piece of readablePieces(bytes))
    format += typeof piece === "string" ? inFormat(piece) : octal(piece);
  // A format that begins with "-" could be an option.
  return `printf ${singleQuoted(format.replace(/^-/, "\\055"))}`;
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The shell takes line feeds off the end, so the last one has to be protected. */
function substituted(bytes: Uint8Array): string {
  if (bytes[bytes.length - 1] !== 0x0a) return `"$(${printfCommand(bytes)})"`;
  const end = bytes.findLastIndex((byte) => byte !== 0x0a) + 1;
  return `"$(${printfCommand(bytes.subarray(0, end))})"'${"\n".repeat(bytes.length - end)}'`;
}

/** Texts, and between them the bytes that are none. */
function* readablePieces(bytes: Uint8Array): Generator<string | Uint8Array> {
  const whole = utf8Text(bytes);
  if (whole !== undefined) {
    yield whole;
    return;
  }
  // ASCII stays legible; of what is beyond it, one cannot tell what belongs together.
  for (let at = 0; at < bytes.length; ) {
    const ascii = (bytes[at] as number) < 0x80;
    let end = at;
    while (end < bytes.length && (bytes[end] as number) < 0x80 === ascii) end += 1;
    const piece = bytes.subarray(at, end);
    yield ascii ? Buffer.from(piece).toString("latin1") : piece;
    at = end;
  }
}

const NAMED: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "%": "%%",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function inFormat(text: string): string {
  return text.replace(
    new RegExp(`[\\\\%\\n\\r\\t]|${HIDDEN.source}`, "g"),
    (character) => NAMED[character] ?? octal(Buffer.from(character, "utf8")),
  );
}

/** Always three digits, so that one that follows is not taken for a fourth. */
function octal(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += `\\${byte.toString(8).padStart(3, "0")}`;
  return text;
}
