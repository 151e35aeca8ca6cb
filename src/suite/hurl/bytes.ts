// Bytes on one line: `base64,...;`, `hex,...;` and `file,...;`. It opens no files.
import { skipSpaces } from "./lines.ts";
import { isHexDigit } from "./literals.ts";
import type { Scanner } from "./scanner.ts";
import { readFilename } from "./templates.ts";
import type { Base64Bytes, FileBytes, HexBytes } from "./tree.ts";

/** What `base64,`, `hex,` or `file,` begins; undefined where none of them stands. */
export function readBytes(scanner: Scanner): Base64Bytes | HexBytes | FileBytes | undefined {
  if (scanner.startsWith("base64,")) return readBase64(scanner);
  if (scanner.startsWith("hex,")) return readHex(scanner);
  if (scanner.startsWith("file,")) return readFile(scanner);
  return undefined;
}

/** `file,` a name, `;`: else `FILENAME` or `EXPECTED`. */
export function readFile(scanner: Scanner): FileBytes {
  const start = scanner.position;
  scanner.expect("file,", "keyword");
  skipSpaces(scanner);
  const name = readFilename(scanner);
  skipSpaces(scanner);
  scanner.expect(";");
  return { kind: "file", name, source: scanner.since(start) };
}

/** Spaces and newlines are allowed between the characters, as in MIME (RFC 2045, section 6.8). */
function readBase64(scanner: Scanner): Base64Bytes {
  const start = scanner.position;
  scanner.expect("base64,", "keyword");
  const encoded = scanner.takeWhile(isBase64);
  scanner.emit("text");
  scanner.expect(";");
  const bytes = new Uint8Array(Buffer.from(encoded, "base64"));
  return { kind: "base64", bytes, source: scanner.since(start) };
}

function readHex(scanner: Scanner): HexBytes {
  const start = scanner.position;
  scanner.expect("hex,", "keyword");
  skipSpaces(scanner);
  const digits = scanner.takeWhile(isHexDigit);
  scanner.emit("text");
  if (digits.length % 2 === 1) throw scanner.error("HEX_ODD", "expecting an even number of hex digits");
  skipSpaces(scanner);
  if (scanner.char !== ";") throw scanner.error("HEX_DIGIT", "expecting a valid hexadecimal number");
  scanner.expect(";");
  return { kind: "hex", bytes: new Uint8Array(Buffer.from(digits, "hex")), source: scanner.since(start) };
}

function isBase64(char: string): boolean {
  return /^[A-Za-z0-9+/= \t\r\n]$/.test(char);
}
