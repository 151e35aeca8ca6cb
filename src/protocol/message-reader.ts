// Reads the messages of one direction, one after the other: heads, bodies, ends. It is told what it
// cannot know from these bytes alone (which method a response answers) and keeps no state of a
// connection. A connection uses one; a listener to somebody else's connection would use two.

import type { EndPart } from "./body-reader.ts";
import {
  type BodyReader,
  bodyTooLarge,
  ChunkedReader,
  endPart,
  LengthReader,
  UntilCloseReader,
} from "./body-reader.ts";
import { ProtocolError } from "./errors.ts";
import type { Fields } from "./fields.ts";
import { type Framing, keepsAlive, NO_BODY, requestFraming, responseFraming } from "./framing.ts";
import { listMembers, quote } from "./grammar.ts";
import { type Head, HeadReader } from "./head-reader.ts";
import { Inbox } from "./inbox.ts";
import { boundsOf, type Limits } from "./limits.ts";
import {
  parseRequestLine,
  parseStatusLine,
  type RequestLine,
  type StatusLine,
  type Version,
} from "./start-line.ts";
import { isAuthority, type Target } from "./target.ts";

export interface RequestEvent {
  readonly type: "request";
  readonly method: string;
  /** The request target as received. */
  readonly rawTarget: string;
  readonly target: Target;
  readonly version: Version;
  readonly fields: Fields;
  readonly framing: Framing;
  readonly keepAlive: boolean;
  /** The client waits for a 100 before it sends the body (RFC 9110, 10.1.1). */
  readonly expectsContinue: boolean;
}

export interface ResponseEvent {
  /** "interim" for 1xx: the final response is still to come. */
  readonly type: "response" | "interim";
  readonly status: number;
  readonly reason: string;
  readonly version: Version;
  readonly fields: Fields;
  readonly framing: Framing;
  readonly keepAlive: boolean;
}

/** A piece of a body; the bytes are a view that stays as it is. */
export interface DataEvent {
  readonly type: "data";
  readonly bytes: Uint8Array;
}

/** The end of a message, with the trailer section, which is empty in most. */
export type EndEvent = EndPart;

/** The peer has closed its side between two messages. */
export interface EofEvent {
  readonly type: "eof";
}

export type MessageEvent = RequestEvent | ResponseEvent | DataEvent | EndEvent | EofEvent;

const END: EndEvent = endPart();
const EOF: EofEvent = { type: "eof" };

export class MessageReader {
  readonly #kind: "request" | "response";
  readonly #limits: Limits;
  readonly #inbox = new Inbox();
  readonly #heads: HeadReader<RequestLine | StatusLine>;
  #body: BodyReader | undefined;
  #ending = false;
  #eof = false;
  /** The method that the next final response answers. */
  #method = "GET";

  constructor(kind: "request" | "response", limits: Limits) {
    this.#kind = kind;
    this.#limits = boundsOf(limits);
    this.#heads = new HeadReader<RequestLine | StatusLine>(
      kind,
      this.#limits,
      kind === "request" ? parseRequestLine : parseStatusLine,
    );
  }

  /** Bytes that have come and belong to no event yet. */
  get unread(): number {
    return this.#inbox.length;
  }

  /** Whether the head of a message has begun and is not complete. */
  get insideHead(): boolean {
    return this.#heads.begun;
  }

  /** Bytes of the body still to come: 0 without a body, undefined when it is not known. */
  get bodyRemaining(): number | undefined {
    return this.#body === undefined ? 0 : this.#body.remaining;
  }

  /** The method of the request whose head was read last, were it only its first line. */
  get lastMethod(): string | undefined {
    const { line } = this.#heads;
    return line !== undefined && "method" in line ? line.method : undefined;
  }

  receive(bytes: Uint8Array): void {
    this.#inbox.push(bytes);
  }

  receiveEof(): void {
    this.#eof = true;
  }

  /** Says which method the next final response answers. */
  answers(method: string): void {
    this.#method = method;
  }

  /** What is left when HTTP ends on this connection. */
  takeRest(): Uint8Array {
    return this.#inbox.take(this.#inbox.length);
  }

  /** The next event, or undefined when it takes more bytes. Throws ProtocolError; nothing can be read after that. */
  next(): MessageEvent | undefined {
    if (this.#ending) {
      this.#ending = false;
      return END;
    }
    if (this.#body !== undefined) return this.#nextOfBody(this.#body);
    const head = this.#heads.read(this.#inbox);
    if (head === undefined) return this.#eof ? this.#eofBetweenMessages() : undefined;
    const event =
      this.#kind === "request"
        ? this.#request(head as Head<RequestLine>)
        : this.#response(head as Head<StatusLine>);
    if (event.type !== "interim") this.#beginBody(event.framing);
    return event;
  }

  #nextOfBody(body: BodyReader): DataEvent | EndEvent | undefined {
    let part = body.read(this.#inbox);
    if (part === undefined && this.#eof) {
      if (!body.atEof()) {
        throw new ProtocolError(
          "BODY_INCOMPLETE",
          "Cannot read the body to its end: the peer closed the connection in the middle",
        );
      }
      part = body.read(this.#inbox);
    }
    if (part?.type === "end") this.#body = undefined;
    return part;
  }

  #eofBetweenMessages(): EofEvent {
    if (this.#heads.begun) {
      throw new ProtocolError(
        "HEAD_INCOMPLETE",
        "Cannot read the head to its end: the peer closed the connection in the middle",
      );
    }
    return EOF;
  }

  #beginBody(framing: Framing): void {
    const { maxBody } = this.#limits;
    switch (framing.kind) {
      case "none":
        this.#ending = true;
        return;
      case "length":
        if (framing.length > maxBody) throw bodyTooLarge(maxBody);
        this.#body = new LengthReader(framing.length);
        return;
      case "chunked":
        this.#body = new ChunkedReader(this.#limits, this.#kind === "response");
        return;
      case "close":
        this.#body = new UntilCloseReader(maxBody);
        return;
      case "switch":
        return;
    }
  }

  #request({ line, fields }: Head<RequestLine>): RequestEvent {
    const { method, rawTarget, target, version } = line;
    checkHost(version, fields);
    return {
      type: "request",
      method,
      rawTarget,
      target,
      version,
      fields,
      framing: requestFraming(version, fields),
      keepAlive: keepsAlive(version, fields),
      expectsContinue: expectsContinue(version, fields),
    };
  }

  #response({ line, fields }: Head<StatusLine>): ResponseEvent {
    const { status, reason, version } = line;
    const interim = status < 200 && status !== 101;
    const framing = interim ? NO_BODY : responseFraming(this.#method, version, status, fields);
    // Both framing fields at once: the message is read by the stronger one, the connection is not trusted with another.
    const ambiguous = fields.has("transfer-encoding") && fields.has("content-length");
    const keepAlive = framing.kind !== "close" && !ambiguous && keepsAlive(version, fields);
    return { type: interim ? "interim" : "response", status, reason, version, fields, framing, keepAlive };
  }
}

/** The Host value that was found valid last: nearly all requests of a server bear the same. */
let validHost: string | undefined;

/** One Host in HTTP/1.1, at most one in HTTP/1.0, and well formed (RFC 9112, 3.2). */
function checkHost(version: Version, fields: Fields): void {
  const host = fields.get("host");
  if (host !== undefined && host === validHost) return;
  if (host === undefined) {
    if (version === "1.0") return;
    throw new ProtocolError("HOST_MISSING", "Cannot take a request without a Host field (RFC 9112, 3.2)");
  }
  // Two fields are joined by a comma, which isAuthority refuses. An empty Host stands for a target without an authority.
  if (host !== "" && !isAuthority(host)) {
    throw new ProtocolError(
      "HOST_INVALID",
      `Cannot take ${quote(host)} as the Host: it must be one host, with or without a port`,
    );
  }
  validHost = host;
}

/** The only expectation there is; any other gets 417 (RFC 9110, 10.1.1). HTTP/1.0 clients have none. */
function expectsContinue(version: Version, fields: Fields): boolean {
  const expect = fields.get("expect");
  if (expect === undefined || version === "1.0") return false;
  const members = listMembers(expect);
  if (members.some((member) => member !== "100-continue")) {
    throw new ProtocolError("EXPECTATION_UNKNOWN", `Cannot meet the expectation ${quote(expect)}`, 417);
  }
  return members.length > 0;
}
