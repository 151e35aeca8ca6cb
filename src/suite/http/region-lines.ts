// Lines of a region, each by itself: definitions, header fields, files and other lines of a body, files for answers.
import { isSpace, skipSpaces } from "../hurl/lines.ts";
import type { Scanner } from "../hurl/scanner.ts";
import type { FileBytes, FileTemplate, HurlOption, KeyValue, Variable } from "../hurl/tree.ts";
import { endLine, lineEnd, restOfLine, textEnd } from "./lines.ts";
import type { BodyPiece, Definition } from "./region.ts";
import { option } from "./settings.ts";
import { type Reading, readParts, readTemplate } from "./templates.ts";

const HEADER = /^\s*((?:[\w!#$%&'*+.^`|~-]|\{\{[^}]*\}\})+)\s*:/;
const FILE = /^\s*<(?:@([\w-]*))?[ \t]+\S/;
const URL_QUERY = /^\s*[?&]/;
const URL_PATH = /^\s+[^\s{["<>@.]/;

export function isHeaderLine(line: string): boolean {
  return HEADER.test(line);
}

/** Whether a line is `< file` or `<@ file`. */
export function isFileLine(line: string): boolean {
  return FILE.test(line);
}

/** Whether a line after the request line is more of its URL: a query on any line, a path on an indented one. */
export function continuesUrl(line: string): boolean {
  return URL_QUERY.test(line) || (URL_PATH.test(line) && !isHeaderLine(line));
}

/** `@name = value`; in the value, "\\n" is a line break. */
export function readDefinition(scanner: Scanner): Definition {
  skipSpaces(scanner);
  scanner.expect("@");
  const start = scanner.position;
  const text = scanner.takeWhile((char) => !isSpace(char) && char !== "=" && char !== ":");
  const name = { text, source: scanner.since(start) };
  scanner.emit("keyword");
  skipSpaces(scanner);
  scanner.take(":", "mark");
  scanner.expect("=");
  skipSpaces(scanner);
  const uses: Variable[] = [];
  const value = readTemplate({ scanner, uses }, textEnd(scanner), controls);
  endLine(scanner);
  return { name, value, uses };
}

/** `name: value`; the caller knows that it stands here. */
export function readHeader(reading: Reading): KeyValue {
  const { scanner } = reading;
  skipSpaces(scanner);
  const start = scanner.position;
  const name = HEADER.exec(restOfLine(scanner))?.[1] ?? "";
  const key = readTemplate(reading, scanner.offset + name.length);
  skipSpaces(scanner);
  scanner.expect(":");
  skipSpaces(scanner);
  const value = readTemplate(reading, textEnd(scanner));
  const source = scanner.since(start);
  return { kind: "key-value", before: [], key, value, ending: endLine(scanner), source };
}

/** `>> file` or `>>! file`, as the option that writes it. */
export function readOutput(reading: Reading): HurlOption {
  const { scanner } = reading;
  skipSpaces(scanner);
  scanner.expect(">>");
  scanner.take("!", "mark");
  skipSpaces(scanner);
  const value = readTemplate(reading, textEnd(scanner));
  endLine(scanner);
  return option("output", { kind: "string", value, source: value.source });
}

/** A line of a body. */
export function readBodyPiece(reading: Reading): BodyPiece {
  const { scanner } = reading;
  const encoding = FILE.exec(restOfLine(scanner));
  if (encoding !== null) return readFile(reading, encoding[1]);
  const start = scanner.position;
  const parts = readParts(reading, lineEnd(scanner));
  const source = scanner.since(start);
  return { kind: "line", parts, source, newline: endLine(scanner).source };
}

/** `< file`, or `<@ file` when `encoding` is a name or empty. */
function readFile(reading: Reading, encoding: string | undefined): BodyPiece {
  const { scanner } = reading;
  skipSpaces(scanner);
  const start = scanner.position;
  scanner.takeWhile((char) => !isSpace(char));
  scanner.emit("mark");
  skipSpaces(scanner);
  const name = readTemplate(reading, textEnd(scanner));
  const source = scanner.since(start);
  const file: FileBytes | FileTemplate =
    encoding === undefined
      ? { kind: "file", name, source }
      : { kind: "file-template", name, encoding: encoding === "" ? undefined : encoding, source };
  return { kind: "file", file, source, newline: endLine(scanner).source };
}

/** The line breaks and tabs of a variable's value, which is one line itself. */
function controls(text: string): string {
  const meanings: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\" };
  return text.replace(/\\([nrt\\])/g, (_, char: string) => meanings[char] ?? char);
}
