// Bytes and text of pages: everything here is UTF-8, and what is not is told apart instead of being damaged.

const UTF_8_MARK = [0xef, 0xbb, 0xbf] as const;

// ignoreBOM: the decoder leaves the mark to us, who have to keep it in its place.
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes as text; undefined when they are not UTF-8. `mark` is the length in bytes of the byte order mark, which is not in the text. */
export interface Decoded {
  readonly text: string;
  readonly mark: number;
}

export function decodeUtf8(bytes: Uint8Array): Decoded | undefined {
  if (looksLikeUtf16(bytes)) return undefined;
  const mark = UTF_8_MARK.every((byte, index) => bytes[index] === byte) ? UTF_8_MARK.length : 0;
  try {
    return { text: DECODER.decode(bytes.subarray(mark)), mark };
  } catch {
    return undefined;
  }
}

// Without a byte order mark, text in UTF-16 is UTF-8 to a decoder: with a NUL beside each character.
function looksLikeUtf16({ 0: a, 1: b, 2: c, 3: d, length }: Uint8Array): boolean {
  if (length < 4 || length % 2 !== 0) return false;
  return (a === 0 && b !== 0 && c === 0 && d !== 0) || (a !== 0 && b === 0 && c !== 0 && d === 0);
}

export type Encoding = "utf-8" | "ascii" | "other";

const ASCII: ReadonlySet<string> = new Set(["ascii", "us-ascii", "ansi_x3.4-1968", "iso646-us"]);

/** What the name of an encoding stands for, in a Content-Type or in a page. */
export function encodingOf(label: string): Encoding {
  const name = label.trim().toLowerCase();
  if (ASCII.has(name)) return "ascii";
  try {
    return new TextDecoder(name).encoding === "utf-8" ? "utf-8" : "other";
  } catch {
    return "other";
  }
}

/** Whether a text has the same bytes in ASCII. */
export function isAscii(text: string): boolean {
  // A character of any other kind takes two bytes or more.
  return Buffer.byteLength(text, "utf8") === text.length;
}
