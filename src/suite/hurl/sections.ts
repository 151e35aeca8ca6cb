// The sections of requests and responses, with their lines. Which section stands where, under which names, is the
// table here; options, captures and asserts are read elsewhere.
import { atAssert, readAssert, readCapture } from "./asserts.ts";
import { readFile } from "./bytes.ts";
import { atKeyValue, readKeyAndColon } from "./keys.ts";
import { claimLines, readLineEnd, skipBlankLines, skipSpaces } from "./lines.ts";
import { isCapital, isKeywordPart, readWord } from "./literals.ts";
import { readOption } from "./options.ts";
import type { Scanner } from "./scanner.ts";
import { suggestion } from "./suggestions.ts";
import { readValue } from "./templates.ts";
import type {
  FileParam,
  KeyValue,
  Line,
  ParamsSection,
  RequestSection,
  ResponseSection,
  Span,
  Template,
  Word,
} from "./tree.ts";

const REQUEST_SECTIONS: ReadonlyMap<string, RequestSection["kind"]> = new Map([
  ["Query", "query"],
  ["QueryStringParams", "query"],
  ["Form", "form"],
  ["FormParams", "form"],
  ["Multipart", "multipart"],
  ["MultipartFormData", "multipart"],
  ["Cookies", "cookies"],
  ["BasicAuth", "basic-auth"],
  ["Options", "options"],
]);

const RESPONSE_SECTIONS: ReadonlyMap<string, ResponseSection["kind"]> = new Map([
  ["Captures", "captures"],
  ["Asserts", "asserts"],
]);

/** Whether "[" and a name begin a section here, rather than a JSON array. */
export function atSection(scanner: Scanner): boolean {
  if (scanner.char !== "[") return false;
  let length = 1;
  while (length < 64 && isKeywordPart(scanner.charAt(length))) length += 1;
  const name = scanner.text.slice(scanner.offset + 1, scanner.offset + length);
  const letter = isCapital(name.charAt(0)) || isCapital(name.charAt(0).toUpperCase());
  return letter && scanner.charAt(length) === "]" && !["true", "false", "null"].includes(name);
}

/** The sections of a request; blank lines after them wait. */
export function readRequestSections(scanner: Scanner): readonly RequestSection[] {
  return readSections(scanner, REQUEST_SECTIONS, (kind, head) => {
    const items = { ...head, ending: readLineEnd(scanner) };
    switch (kind) {
      case "options":
        return sized({ kind, ...items, items: readItems(scanner, atKeyValue, readOption) });
      case "multipart":
        return sized({ kind, ...items, items: readItems(scanner, atKeyValue, readMultipartItem) });
      default:
        return sized(single(scanner, { kind, ...items, items: readKeyValues(scanner) }));
    }
  });
}

/** The sections of a response; blank lines after them wait. */
export function readResponseSections(scanner: Scanner): readonly ResponseSection[] {
  return readSections(scanner, RESPONSE_SECTIONS, (kind, head) => {
    const items = { ...head, ending: readLineEnd(scanner) };
    return kind === "captures"
      ? sized({ kind, ...items, items: readItems(scanner, atKeyValue, readCapture) })
      : sized({ kind, ...items, items: readItems(scanner, atAssert, readAssert) });
  });
}

/** `key: value` lines, as headers and parameters are; blank lines after them wait. */
export function readKeyValues(scanner: Scanner): readonly KeyValue[] {
  return readItems(scanner, atKeyValue, readKeyValue);
}

/** The span from the first line to the end of the last of some lines. */
export function through(first: Span, ...lines: readonly (readonly { readonly source: Span }[])[]): Span {
  const ends = lines.flatMap((some) => some.slice(-1));
  return { start: first.start, end: ends.at(-1)?.source.end ?? first.end };
}

interface Head extends Pick<Line, "before" | "source"> {
  readonly name: Word;
}

function readSections<Kind extends string, Section>(
  scanner: Scanner,
  names: ReadonlyMap<string, Kind>,
  read: (kind: Kind, head: Head) => Section,
): readonly Section[] {
  const sections: Section[] = [];
  const seen = new Set<Kind>();
  for (skipBlankLines(scanner); atSection(scanner); skipBlankLines(scanner)) {
    const head = readHead(scanner);
    const kind = names.get(head.name.text);
    if (kind === undefined) throw unknownSection(scanner, head.name, names);
    if (seen.has(kind)) {
      throw scanner.error("DUPLICATE_SECTION", "the section is already defined", head.source.start);
    }
    seen.add(kind);
    sections.push(read(kind, head));
  }
  return sections;
}

function readHead(scanner: Scanner): Head {
  const before = claimLines(scanner);
  const start = scanner.position;
  scanner.expect("[");
  const name = readWord(scanner, isKeywordPart);
  scanner.expect("]");
  return { before, name, source: scanner.since(start) };
}

function unknownSection(scanner: Scanner, name: Word, names: ReadonlyMap<string, string>): Error {
  const at = name.source.start;
  if (names === REQUEST_SECTIONS && RESPONSE_SECTIONS.has(name.text)) {
    return scanner.error("REQUEST_SECTION", "this is not a valid section for a request", at);
  }
  if (names === RESPONSE_SECTIONS && REQUEST_SECTIONS.has(name.text)) {
    return scanner.error("RESPONSE_SECTION", "this is not a valid section for a response", at);
  }
  const hint = suggestion([...names.keys()], name.text);
  const code = names === REQUEST_SECTIONS ? "REQUEST_SECTION_NAME" : "RESPONSE_SECTION_NAME";
  return scanner.error(code, `the section is not valid. ${hint}`, at);
}

/** Lets a section's source run to the end of its last line. */
function sized<S extends { readonly source: Span; readonly items: readonly { readonly source: Span }[] }>(
  section: S,
): S {
  return { ...section, source: through(section.source, section.items) };
}

/** One user and one password: a second pair could only be a mistake. */
function single(scanner: Scanner, section: ParamsSection): ParamsSection {
  const second = section.items[1];
  if (section.kind !== "basic-auth" || second === undefined) return section;
  const problem = "the section takes one user and password";
  throw scanner.error("BASIC_AUTH_REPEATED", problem, second.source.start);
}

function readItems<T>(
  scanner: Scanner,
  begins: (scanner: Scanner) => boolean,
  read: (scanner: Scanner) => T,
): readonly T[] {
  const items: T[] = [];
  for (skipBlankLines(scanner); begins(scanner); skipBlankLines(scanner)) items.push(read(scanner));
  return items;
}

function readKeyValue(scanner: Scanner): KeyValue {
  const before = claimLines(scanner);
  const start = scanner.position;
  const key = readKeyAndColon(scanner);
  const value = readValue(scanner);
  const source = scanner.since(start);
  return { kind: "key-value", before, key, value, ending: readLineEnd(scanner), source };
}

function readMultipartItem(scanner: Scanner): KeyValue | FileParam {
  const before = claimLines(scanner);
  const start = scanner.position;
  const key = readKeyAndColon(scanner);
  if (!scanner.startsWith("file,")) {
    const value = readValue(scanner);
    const source = scanner.since(start);
    return { kind: "key-value", before, key, value, ending: readLineEnd(scanner), source };
  }
  const file = readFile(scanner);
  const contentType = readContentType(scanner);
  const source = { start, end: contentType?.source.end ?? file.source.end };
  return { kind: "file-param", before, key, file, contentType, ending: readLineEnd(scanner), source };
}

/** The media type after a file's name, to the end of the line. */
function readContentType(scanner: Scanner): Template | undefined {
  skipSpaces(scanner);
  return scanner.atLineEnd || scanner.char === "#" ? undefined : readValue(scanner);
}
