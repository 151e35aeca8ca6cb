// The body of a request or a response: which of its forms begins here. Each form is read elsewhere.
import { readBytes } from "./bytes.ts";
import { readJsonValue } from "./json-value.ts";
import { claimLines, readLineEnd } from "./lines.ts";
import { atKeyword, atNumber } from "./literals.ts";
import { readMultiline } from "./multiline.ts";
import type { Scanner } from "./scanner.ts";
import { readBackticked } from "./templates.ts";
import type { BodyValue, HurlBody } from "./tree.ts";
import { readXml } from "./xml-body.ts";

/** A body and the rest of its last line; undefined where none begins. */
export function readBody(scanner: Scanner): HurlBody | undefined {
  if (!atBody(scanner)) return undefined;
  const before = claimLines(scanner);
  const value = readBodyValue(scanner);
  return { before, value, ending: readLineEnd(scanner), source: value.source };
}

function atBody(scanner: Scanner): boolean {
  const char = scanner.char;
  return (char !== "" && '{["<`'.includes(char)) || atNumber(scanner) || atWord(scanner);
}

function atWord(scanner: Scanner): boolean {
  const constant = ["true", "false", "null"].some((word) => atKeyword(scanner, word));
  return constant || ["base64,", "hex,", "file,"].some((word) => scanner.startsWith(word));
}

function readBodyValue(scanner: Scanner): BodyValue {
  const start = scanner.position;
  if (scanner.char === "<") return readXml(scanner);
  if (scanner.startsWith("```")) return readMultiline(scanner);
  if (scanner.char === "`") {
    const value = readBackticked(scanner);
    return { kind: "oneline", value, source: value.source };
  }
  const bytes = readBytes(scanner);
  if (bytes !== undefined) return bytes;
  const value = readJsonValue(scanner);
  return { kind: "json", raw: scanner.slice(start), value, source: scanner.since(start) };
}
