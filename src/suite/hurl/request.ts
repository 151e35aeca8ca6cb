// Requests and responses: their first lines, and the order of their parts. The parts are read elsewhere.
import { readBody } from "./bodies.ts";
import { claimLines, isSpace, readLineEnd, requireSpaces, skipBlankLines } from "./lines.ts";
import { isCapital, isDigit } from "./literals.ts";
import type { Scanner } from "./scanner.ts";
import { atSection, readKeyValues, readRequestSections, readResponseSections, through } from "./sections.ts";
import { suggestion } from "./suggestions.ts";
import { readValue } from "./templates.ts";
import type { HurlBody, HurlRequest, HurlResponse, Status, Version, Word } from "./tree.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

const VERSIONS: ReadonlyMap<string, Version["value"]> = new Map([
  ["HTTP", "any"],
  ["HTTP/*", "any"],
  ["HTTP/1.0", "HTTP/1.0"],
  ["HTTP/1.1", "HTTP/1.1"],
  ["HTTP/2", "HTTP/2"],
  ["HTTP/3", "HTTP/3"],
]);

/** A request: else `METHOD`, `URL` or what is wrong with a part. */
export function readRequest(scanner: Scanner): HurlRequest {
  const before = claimLines(scanner);
  const method = readMethod(scanner);
  requireSpaces(scanner);
  const url = readValue(scanner);
  if (url.parts.length === 0) throw scanner.error("URL", "expecting a URL");
  const ending = readLineEnd(scanner);
  const headers = readKeyValues(scanner);
  const sections = readRequestSections(scanner);
  const body = readLastPart(scanner);
  const first = { start: method.source.start, end: url.source.end };
  const source = through(first, headers, sections, body === undefined ? [] : [body]);
  return { before, method, url, ending, headers, sections, body, source };
}

/** A response, whose "HTTP" stands here: else `VERSION`, `STATUS` or what is wrong with a part. */
export function readResponse(scanner: Scanner): HurlResponse {
  const before = claimLines(scanner);
  const version = readVersion(scanner);
  requireSpaces(scanner);
  const status = readStatus(scanner);
  const ending = readLineEnd(scanner);
  const headers = readKeyValues(scanner);
  const sections = readResponseSections(scanner);
  const body = readLastPart(scanner);
  const first = { start: version.source.start, end: status.source.end };
  const source = through(first, headers, sections, body === undefined ? [] : [body]);
  return { before, version, status, ending, headers, sections, body, source };
}

/** Whether a response begins here. */
export function atResponse(scanner: Scanner): boolean {
  const after = scanner.charAt(4);
  return scanner.startsWith("HTTP") && (isSpace(after) || ["", "/", "\n", "\r"].includes(after));
}

function readMethod(scanner: Scanner): Word {
  const start = scanner.position;
  const text = scanner.takeWhile(isCapital);
  const source = scanner.since(start);
  // What begins with HTTP is a response, and one without a request is nobody's.
  if (text === "" || text === "HTTP" || !(isSpace(scanner.char) || scanner.atLineEnd)) {
    const name = text + scanner.takeWhile((char) => !isSpace(char) && char !== "\n" && char !== "\r");
    const problem = `the HTTP method <${name}> is not valid. ${suggestion(METHODS, name)}`;
    throw scanner.error("METHOD", problem, start);
  }
  scanner.emit("keyword");
  return { text, source };
}

function readVersion(scanner: Scanner): Version {
  const start = scanner.position;
  const text = scanner.takeWhile((char) => !isSpace(char) && char !== "\n" && char !== "\r");
  scanner.emit("keyword");
  const value = VERSIONS.get(text);
  if (value === undefined) {
    const expected = "HTTP version must be HTTP, HTTP/1.0, HTTP/1.1, HTTP/2 or HTTP/3";
    throw scanner.error("VERSION", expected, start);
  }
  return { value, source: scanner.since(start) };
}

function readStatus(scanner: Scanner): Status {
  const start = scanner.position;
  if (scanner.take("*", "keyword")) return { value: "any", source: scanner.since(start) };
  const digits = scanner.takeWhile(isDigit);
  scanner.emit("number");
  const value = Number(digits);
  if (digits === "" || !Number.isSafeInteger(value)) {
    throw scanner.error("STATUS", "HTTP status code is not valid", start);
  }
  return { value, source: scanner.since(start) };
}

/** The body, after which no section may follow. */
function readLastPart(scanner: Scanner): HurlBody | undefined {
  skipBlankLines(scanner);
  const body = readBody(scanner);
  skipBlankLines(scanner);
  if (body !== undefined && atSection(scanner)) {
    throw scanner.error("SECTION_AFTER_BODY", "a section must stand before the body");
  }
  return body;
}
