// Filters: a name, and for some a string, a pattern or an index. It knows no templates: the reader of its
// arguments is handed in, because a template's placeholders have filters themselves.
import { isSpace, requireSpaces, skipSpaces } from "./lines.ts";
import { isKeywordPart, peekKeyword, readInteger, readRegex } from "./literals.ts";
import type { Scanner } from "./scanner.ts";
import type {
  Filter,
  Placeholder,
  PlainFilterName,
  RegexLiteral,
  StringFilterName,
  Template,
} from "./tree.ts";

/** Readers for what stands after a filter's name. */
export interface ArgumentReaders {
  readonly quoted: (scanner: Scanner) => Template;
  readonly placeholder: (scanner: Scanner) => Placeholder;
}

const PLAIN: ReadonlySet<string> = new Set<PlainFilterName>([
  "base64Decode",
  "base64Encode",
  "base64UrlSafeDecode",
  "base64UrlSafeEncode",
  "count",
  "daysAfterNow",
  "daysBeforeNow",
  "first",
  "htmlEscape",
  "htmlUnescape",
  "last",
  "location",
  "toFloat",
  "toHex",
  "toInt",
  "toString",
  "urlDecode",
  "urlEncode",
  "utf8Decode",
  "utf8Encode",
]);

const WITH_STRING: ReadonlySet<string> = new Set<StringFilterName>([
  "charsetDecode",
  "dateFormat",
  "decode",
  "format",
  "jsonpath",
  "split",
  "toDate",
  "urlQueryParam",
  "xpath",
]);

const OTHERS: ReadonlySet<string> = new Set(["nth", "regex", "replace", "replaceRegex"]);

/** Filters up to a word that is none; the spaces after the last one are passed. */
export function readFilters(scanner: Scanner, readers: ArgumentReaders): readonly Filter[] {
  const filters: Filter[] = [];
  skipSpaces(scanner);
  while (atFilter(scanner)) {
    filters.push(readFilter(scanner, readers));
    // Without a space what follows is no filter, and whoever called says what it should be.
    if (!isSpace(scanner.char)) break;
    skipSpaces(scanner);
  }
  return filters;
}

/** A string in double quotes or a regular expression between slashes. */
export function readPattern(scanner: Scanner, quoted: ArgumentReaders["quoted"]): Template | RegexLiteral {
  return scanner.char === "/" ? readRegex(scanner) : quoted(scanner);
}

function atFilter(scanner: Scanner): boolean {
  const word = peekKeyword(scanner);
  return PLAIN.has(word) || WITH_STRING.has(word) || OTHERS.has(word);
}

function readFilter(scanner: Scanner, readers: ArgumentReaders): Filter {
  const start = scanner.position;
  const name = scanner.takeWhile(isKeywordPart);
  scanner.emit("keyword");
  if (PLAIN.has(name)) return { kind: name as PlainFilterName, source: scanner.since(start) };
  requireSpaces(scanner);
  if (WITH_STRING.has(name)) {
    const argument = readers.quoted(scanner);
    return { kind: name as StringFilterName, argument, source: scanner.since(start) };
  }
  if (name === "nth") {
    const index = scanner.startsWith("{{") ? readers.placeholder(scanner) : readInteger(scanner);
    return { kind: "nth", index, source: scanner.since(start) };
  }
  if (name === "regex") {
    const pattern = readPattern(scanner, readers.quoted);
    return { kind: "regex", pattern, source: scanner.since(start) };
  }
  if (name === "replace") {
    const old = readers.quoted(scanner);
    const by = readReplacement(scanner, readers);
    return { kind: "replace", old, by, source: scanner.since(start) };
  }
  const pattern = readPattern(scanner, readers.quoted);
  const by = readReplacement(scanner, readers);
  return { kind: "replaceRegex", pattern, by, source: scanner.since(start) };
}

function readReplacement(scanner: Scanner, readers: ArgumentReaders): Template {
  requireSpaces(scanner);
  return readers.quoted(scanner);
}
