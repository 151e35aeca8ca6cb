// The first line of a request, and the lines that continue its URL. Where the URL has no host or scheme, this does
// not find them.
import { skipSpaces } from "../hurl/lines.ts";
import type { LineEnd, Span, Template, Word } from "../hurl/tree.ts";
import { endLine, restOfLine, textEnd } from "./lines.ts";
import { type Reading, readParts } from "./templates.ts";

export interface RequestLine {
  readonly method: Word;
  readonly url: Template;
  /** What stands after "HTTP/". */
  readonly version: Word | undefined;
  readonly ending: LineEnd;
  readonly source: Span;
}

const KNOWN = new Set(["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]);
const OTHER_PROTOCOLS = /^(?:GRPC|WS|WSS|WEBSOCKET|SSE|EVENTSOURCE|MQTT|MQTTS|AMQP|RSOCKET)$/;
const VERSION = /(?:^|\s+)HTTP\/(\d+(?:\.\d+)?)$/;
const BEGINS_URL = /^(?:https?:\/\/|\/|\{\{|\*$|\[|[\p{L}\p{N}_.-]+(?::\d+)?(?:[/?#]|$))/iu;

/** `[METHOD] URL [HTTP/1.1]`: else `METHOD` or `URL`. */
export function readRequestLine(reading: Reading): RequestLine {
  const { scanner } = reading;
  skipSpaces(scanner);
  const start = scanner.position;
  const method = readMethod(reading);
  const { url, version } = readTarget(reading);
  if (url.parts.length === 0) throw scanner.error("URL", "expecting a URL", url.source.start);
  const source = scanner.since(start);
  return { method, url, version, ending: endLine(scanner), source };
}

/** The request line with one more line of its URL, after which the version may stand, too. */
export function continueUrl(reading: Reading, before: RequestLine): RequestLine {
  const { scanner } = reading;
  skipSpaces(scanner);
  const { url, version } = readTarget(reading);
  const whole = {
    delimiter: url.delimiter,
    parts: [...before.url.parts, ...url.parts],
    source: { start: before.url.source.start, end: url.source.end },
  };
  const source = { start: before.source.start, end: scanner.position };
  return {
    method: before.method,
    url: whole,
    version: version ?? before.version,
    ending: endLine(scanner),
    source,
  };
}

/** The rest of a line of the URL, and the version after it. */
function readTarget(reading: Reading): Pick<RequestLine, "url" | "version"> {
  const { scanner } = reading;
  const end = textEnd(scanner);
  const found = VERSION.exec(scanner.text.slice(scanner.offset, end));
  const url = readAddress(reading, end - (found?.[0].length ?? 0));
  return { url, version: found === null ? undefined : readVersion(reading, end) };
}

/** The method; where none is written it is GET. */
function readMethod({ scanner }: Reading): Word {
  const start = scanner.position;
  const line = restOfLine(scanner);
  const [word = ""] = /^[A-Za-z][A-Za-z-]*(?=\s|$)/.exec(line) ?? [];
  const text = KNOWN.has(word.toUpperCase()) ? word.toUpperCase() : word;
  if (text === "" || (text !== text.toUpperCase() && !/\s/.test(line.trim()))) {
    const [address = ""] = line.split(/\s/, 1);
    if (BEGINS_URL.test(address)) return { text: "GET", source: scanner.since(start) };
  }
  if (text === "" || text !== text.toUpperCase()) {
    throw scanner.error("METHOD", "expecting a request line: a method and a URL, or a URL");
  }
  if (OTHER_PROTOCOLS.test(text)) {
    throw scanner.error("METHOD", `${text} is another protocol than HTTP, which is all that is spoken here`);
  }
  scanner.advance(word.length);
  const source = scanner.since(start);
  scanner.emit("keyword");
  skipSpaces(scanner);
  return { text, source };
}

function readAddress(reading: Reading, end: number): Template {
  const start = reading.scanner.position;
  // A URL has no spaces (RFC 3986, 2.2), and there is nothing else that they could mean here.
  const parts = readParts(reading, end, (text) => text.replaceAll(" ", "%20").replaceAll("\t", "%09"));
  return { delimiter: "", parts, source: reading.scanner.since(start) };
}

function readVersion({ scanner }: Reading, end: number): Word {
  skipSpaces(scanner);
  scanner.advance("HTTP/".length);
  const start = scanner.position;
  scanner.advance(end - scanner.offset);
  scanner.emit("keyword");
  return { text: scanner.slice(start), source: scanner.since(start) };
}
