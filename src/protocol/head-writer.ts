// Heads on their way out. The framing fields are decided here, never by the caller: what is
// announced is what the body writer will do.

import { ProtocolError } from "./errors.ts";
import type { Fields } from "./fields.ts";
import { type Framing, NO_BODY } from "./framing.ts";
import { isFieldValue, isToken, listMembers, quote } from "./grammar.ts";
import type { Version } from "./start-line.ts";
import { reasonPhrase } from "./status.ts";

export interface WrittenHead {
  /** The head with its closing empty line, a character for each byte. */
  readonly text: string;
  readonly framing: Framing;
  /** Whether the connection can carry another message after this one. */
  readonly keepAlive: boolean;
}

export interface ResponseHead {
  readonly status: number;
  /** The reason phrase; the registered one when undefined. */
  readonly reason?: string | undefined;
  readonly fields: Fields;
  /** Bytes of the body that follows; undefined when they are not known before they are sent. */
  readonly length: number | undefined;
  /** A Date field's value, added when the fields have none. */
  readonly date?: string | undefined;
}

export interface RequestHead {
  readonly method: string;
  readonly target: string;
  readonly fields: Fields;
  /** As in ResponseHead; 0 for no body. */
  readonly length: number | undefined;
  /** Default "1.1". HTTP/1.0 has no chunks, and its connections end unless `Connection: keep-alive` asks them to stay. */
  readonly version?: Version | undefined;
}

const LENGTH_KNOWN = /^(?:POST|PUT|PATCH)$/;
const CHUNKED: Framing = { kind: "chunked" };
const NO_OPTIONS: readonly string[] = [];
const UNTIL_CLOSE: Framing = { kind: "close" };

/** The head of a request. A body of unknown length is chunked; in HTTP/1.0 it cannot be sent. */
export function writeRequestHead(head: RequestHead): WrittenHead {
  if (!isToken(head.method)) {
    throw new ProtocolError(
      "METHOD_INVALID",
      `Cannot send the method ${quote(head.method)}: it is not a token`,
    );
  }
  if (!/^[\x21-\x7e]+$/.test(head.target)) {
    throw new ProtocolError(
      "TARGET_INVALID",
      `Cannot send the target ${quote(head.target)}: percent-encode what is not visible ASCII`,
    );
  }
  const wire = head.fields.wire();
  refuseTransferEncoding(wire.hasTransferEncoding);
  const isOld = head.version === "1.0";
  let text = `${head.method} ${head.target} ${isOld ? "HTTP/1.0" : "HTTP/1.1"}\r\n${wire.text}`;
  let framing: Framing;
  const length = agreedLength(wire.contentLength, head.length);
  if (length === undefined) {
    if (isOld) throw lengthMissing();
    framing = CHUNKED;
    text += "Transfer-Encoding: chunked\r\n";
  } else {
    framing = length === 0 ? NO_BODY : { kind: "length", length };
    // A method that defines a body says so also when it is empty (RFC 9110, 8.6).
    if (wire.contentLength === undefined && (length > 0 || LENGTH_KNOWN.test(head.method))) {
      text += `Content-Length: ${length}\r\n`;
    }
  }
  const own = wire.connection === undefined ? NO_OPTIONS : listMembers(wire.connection);
  const keepAlive = !own.includes("close") && (!isOld || own.includes("keep-alive"));
  return { text: `${text}\r\n`, framing, keepAlive };
}

/** What the response answers, as far as its framing depends on it. */
export interface Answered {
  readonly method: string;
  readonly version: Version;
  /** Whether the request, and all that came before, allow another message. */
  readonly keepAlive: boolean;
}

/** The head of a final response. */
export function writeResponseHead(head: ResponseHead, to: Answered): WrittenHead {
  const { status } = head;
  const wire = head.fields.wire();
  refuseTransferEncoding(wire.hasTransferEncoding);
  let text = statusLine(status, head.reason) + wire.text + dateLine(head.date, wire.hasDate);

  let framing: Framing = NO_BODY;
  let lasting = true;
  const bodiless = status === 204 || status === 304 || to.method === "HEAD";
  const length = agreedLength(wire.contentLength, head.length, bodiless);
  if (status === 204) {
    if (wire.contentLength !== undefined) throw lengthIn(status);
  } else if (length !== undefined) {
    // A 304 need not tell a length that nobody asked for.
    if (wire.contentLength === undefined && status !== 304) text += `Content-Length: ${length}\r\n`;
    if (!bodiless && length > 0) framing = { kind: "length", length };
  } else if (bodiless) {
    if (status !== 304 && to.version === "1.1") text += "Transfer-Encoding: chunked\r\n";
  } else if (to.version === "1.1") {
    framing = CHUNKED;
    text += "Transfer-Encoding: chunked\r\n";
  } else {
    framing = UNTIL_CLOSE;
    lasting = false;
  }

  const own = wire.connection === undefined ? NO_OPTIONS : listMembers(wire.connection);
  const keepAlive = to.keepAlive && lasting && !own.includes("close");
  if (!keepAlive && !own.includes("close")) text += "Connection: close\r\n";
  // An HTTP/1.0 client takes the connection for closed unless it is told (RFC 9112, 9.3).
  else if (keepAlive && to.version === "1.0" && !own.includes("keep-alive"))
    text += "Connection: keep-alive\r\n";
  return { text: `${text}\r\n`, framing, keepAlive };
}

/** The head of an interim response (1xx), which has no body and no framing fields. */
export function writeInterimHead(status: number, fields: Fields | undefined): string {
  return writeBareHead(status, undefined, fields, undefined);
}

/** The head of the response with which HTTP ends on a connection: 101, or a 2xx to CONNECT. */
export function writeSwitchHead({ status, reason, fields, date }: ResponseHead): string {
  return writeBareHead(status, reason, fields, date);
}

function writeBareHead(
  status: number,
  reason: string | undefined,
  fields: Fields | undefined,
  date: string | undefined,
): string {
  const wire = fields?.wire();
  refuseTransferEncoding(wire?.hasTransferEncoding ?? false);
  if (wire?.contentLength !== undefined) throw lengthIn(status);
  return `${statusLine(status, reason)}${wire?.text ?? ""}${dateLine(date, wire?.hasDate ?? false)}\r\n`;
}

function dateLine(date: string | undefined, hasOwn: boolean): string {
  if (date === undefined || hasOwn) return "";
  if (!isFieldValue(date)) {
    throw new ProtocolError(
      "FIELD_VALUE_INVALID",
      `Cannot send the date ${quote(date)}: it holds a control`,
      500,
    );
  }
  return `Date: ${date}\r\n`;
}

/** The status lines that are sent again and again. */
const STATUS_LINES = new Map<number, string>();

function statusLine(status: number, reason: string | undefined): string {
  if (reason === undefined) {
    const known = STATUS_LINES.get(status);
    if (known !== undefined) return known;
  }
  if (!Number.isInteger(status) || status < 100 || status > 999) {
    throw new ProtocolError("STATUS_INVALID", `Cannot send status ${status}: it takes three digits`, 500);
  }
  if (reason !== undefined && !isFieldValue(reason)) {
    throw new ProtocolError(
      "REASON_INVALID",
      `Cannot send the reason ${quote(reason)}: it holds a control`,
      500,
    );
  }
  const line = `HTTP/1.1 ${status} ${reason ?? reasonPhrase(status)}\r\n`;
  if (reason === undefined) STATUS_LINES.set(status, line);
  return line;
}

/** The length announced by a field and the length known of the body must be one. */
function agreedLength(
  announced: number | undefined,
  length: number | undefined,
  bodiless = false,
): number | undefined {
  if (length !== undefined && !(Number.isSafeInteger(length) && length >= 0)) {
    throw new ProtocolError("CONTENT_LENGTH_INVALID", `Cannot send a body of ${length} bytes`, 500);
  }
  if (announced === undefined) return length;
  if (!bodiless && length !== undefined && length !== announced) {
    throw new ProtocolError(
      "CONTENT_LENGTH_INVALID",
      `Cannot announce a Content-Length of ${announced}: the body has ${length} bytes`,
      500,
    );
  }
  return announced;
}

function refuseTransferEncoding(there: boolean): void {
  if (!there) return;
  throw new ProtocolError(
    "TRANSFER_ENCODING_INVALID",
    "Cannot send a Transfer-Encoding of the caller's: the framing is decided by the connection",
    500,
  );
}

function lengthMissing(): ProtocolError {
  return new ProtocolError(
    "CONTENT_LENGTH_INVALID",
    "Cannot send a body of unknown length: HTTP/1.0 has no chunks (RFC 9112, 7.1). Tell its length, or use HTTP/1.1",
    500,
  );
}

function lengthIn(status: number): ProtocolError {
  return new ProtocolError(
    "CONTENT_LENGTH_INVALID",
    `Cannot send Content-Length with ${status}: it has no body (RFC 9110, 8.6)`,
    500,
  );
}
