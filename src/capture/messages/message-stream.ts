// The messages in one side's stream, with the offsets at which they stand. The reading is that of a connection of our own
// (protocol/message-reader.ts); this file counts bytes, and deals with what a connection never sees: gaps, beginnings in
// the middle, other protocols.

import { ProtocolError } from "../../protocol/errors.ts";
import type { Limits } from "../../protocol/limits.ts";
import { type MessageEvent, MessageReader } from "../../protocol/message-reader.ts";
import { looksLikeRequest, looksLikeResponse, looksLikeTls } from "../first-line.ts";
import type { Connection, Side, StreamBytes, StreamGap, StreamPart } from "../model.ts";
import { firstLine } from "./head-lines.ts";
import { MessageBuilder, type StreamEvent } from "./message-builder.ts";
import { Window } from "./window.ts";

/** A viewer refuses less than a server: these only keep memory and time bounded. */
const LIMITS: Limits = {
  maxStartLine: 131_072,
  maxFieldLine: 131_072,
  maxHead: 262_144,
  maxFields: 2000,
  maxChunkExtensions: 65_536,
  maxTrailers: 131_072,
  maxBody: 0,
};

/** What stands in a body for bytes that were not captured. */
const ZEROS = new Uint8Array(65_536);

type Input = StreamPart | { readonly kind: "fin" } | { readonly kind: "cut" };

export class MessageStream {
  readonly #connection: Connection;
  readonly #from: Side;
  readonly #queue: Input[] = [];
  readonly #out: StreamEvent[] = [];
  #queued = 0;
  /** Without one, nothing is read: the place is lost, or what comes is not HTTP. */
  #reader: MessageReader | undefined;
  #mode: "new" | "reading" | "lost" | "over" = "new";
  #method = "GET";
  readonly #window = new Window();
  readonly #builder: MessageBuilder;
  #feedingGap = false;
  #failed = false;
  #failedMethod: string | undefined;

  constructor(connection: Connection, from: Side) {
    this.#connection = connection;
    this.#from = from;
    this.#builder = new MessageBuilder(from, this.#window, this.#out);
  }

  /** Whether messages can still be read one after the other. */
  get reading(): boolean {
    return this.#mode === "reading" || (this.#mode === "new" && this.#connection.opening === "handshake");
  }

  get insideMessage(): boolean {
    return this.#builder.message !== undefined;
  }

  /** Bytes that wait to be read. */
  get queued(): number {
    return this.#queued;
  }

  /** Whether a message could not be read. */
  get failed(): boolean {
    return this.#failed;
  }

  /** The method of a request that could not be read, when its first line could. */
  get failedMethod(): string | undefined {
    return this.#failedMethod;
  }

  /** Says which method the next response answers. */
  answers(method: string): void {
    this.#method = method;
    this.#reader?.answers(method);
  }

  push(input: Input): void {
    if (this.#mode === "over") return;
    this.#queue.push(input);
    if (input.kind === "bytes") this.#queued += input.bytes.length;
  }

  /** HTTP ends here. */
  leaveHttp(code: string, message: string): void {
    if (this.#mode === "over") return;
    this.#note(code, this.#window.consumed, message);
    this.#stop("over");
  }

  next(): StreamEvent | undefined {
    for (;;) {
      const ready = this.#out.shift();
      if (ready !== undefined) return ready;
      if (this.#read()) continue;
      const input = this.#queue.shift();
      if (input === undefined) return undefined;
      this.#apply(input);
    }
  }

  #apply(input: Input): void {
    switch (input.kind) {
      case "bytes":
        this.#queued -= input.bytes.length;
        this.#applyBytes(input);
        return;
      case "gap":
        this.#applyGap(input);
        return;
      case "fin":
        this.#reader?.receiveEof();
        if (this.#reader === undefined) this.#stop("over");
        return;
      case "cut":
        if (this.insideMessage || !this.#window.isEmpty) {
          this.#note(
            "INCOMPLETE",
            this.#window.fed,
            "Cannot read the message to its end: no more of it was captured",
          );
        }
        this.#stop("over");
    }
  }

  #applyBytes(part: StreamBytes): void {
    if (this.#mode === "over") return;
    if (this.#mode === "new") {
      if (looksLikeTls(part.bytes)) {
        this.#window.begin(part.start);
        this.leaveHttp("TLS", "Cannot read what follows: it is encrypted with TLS");
        return;
      }
      if (this.#connection.opening === "handshake") this.#start(part.start);
      else this.#mode = "lost";
    }
    if (this.#mode === "lost" && !this.#resume(part)) return;
    this.#feed(part);
  }

  /** Goes on at what looks like the beginning of a message. */
  #resume(part: StreamBytes): boolean {
    const looks = this.#isClient() ? looksLikeRequest : looksLikeResponse;
    if (!looks(part.bytes)) return false;
    if (part.start > 0)
      this.#note("RESUMED", part.start, "The reading goes on at the beginning of a message");
    this.#start(part.start);
    return true;
  }

  #start(offset: number): void {
    this.#reader = new MessageReader(this.#isClient() ? "request" : "response", LIMITS);
    this.#reader.answers(this.#method);
    this.#mode = "reading";
    this.#window.begin(offset);
  }

  #isClient(): boolean {
    return this.#connection.client === this.#from;
  }

  #feed(part: StreamBytes): void {
    this.#window.push(part);
    this.#reader?.receive(part.bytes);
  }

  /** Inside a body whose end is known otherwise, the reading can go on. */
  #applyGap(gap: StreamGap): void {
    const reader = this.#reader;
    const { start, end } = gap;
    const message = this.#builder.message;
    if (reader !== undefined && message !== undefined) {
      const rest =
        message.head.framing.kind === "close" ? Number.POSITIVE_INFINITY : (reader.bodyRemaining ?? 0);
      if (end - start <= rest) {
        const to = Math.min(end, start + ZEROS.length);
        if (to < end) this.#queue.unshift({ ...gap, start: to });
        this.#feedingGap = true;
        const bytes = ZEROS.subarray(0, to - start);
        this.#feed({ kind: "bytes", start, end: to, bytes, packet: -1, packetAt: 0, time: gap.time });
        return;
      }
    }
    if (this.#mode === "over" || this.#mode === "lost") return;
    this.#note("GAP", start, `Cannot go on reading here: ${end - start} bytes were not captured`);
    this.#stop("lost");
  }

  #note(code: string, offset: number, message: string): void {
    this.#out.push({ type: "note", note: { from: this.#from, offset, code, message } });
  }

  #noteFault({ code, message }: ProtocolError, offset: number): void {
    const { consumed, fed } = this.#window;
    const line = this.insideMessage ? undefined : firstLine(this.#window.bytes(consumed, fed), consumed);
    const from = this.#from;
    this.#out.push({
      type: "note",
      note: line === undefined ? { from, offset, code, message } : { from, offset, code, message, line },
    });
  }

  #stop(mode: "lost" | "over"): void {
    this.#builder.cutOff();
    this.#reader = undefined;
    this.#window.begin(this.#window.fed);
    this.#mode = mode;
    if (mode === "over") {
      this.#queue.length = 0;
      this.#queued = 0;
    }
  }

  /** Reads one event; false when it takes more bytes. */
  #read(): boolean {
    const reader = this.#reader;
    if (reader === undefined) return false;
    try {
      const event = reader.next();
      if (event === undefined) {
        this.#feedingGap = false;
        return false;
      }
      this.#window.consume(reader.unread);
      this.#taken(event);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#noteFault(error, this.#window.fed - reader.unread);
      this.#failed = true;
      this.#failedMethod = reader.lastMethod;
      this.#stop("over");
    }
    return true;
  }

  #taken(event: MessageEvent): void {
    if (event.type === "eof") {
      this.#stop("over");
      return;
    }
    this.#builder.take(event, this.#feedingGap);
    if ("framing" in event && event.framing.kind === "switch") {
      this.leaveHttp("SWITCHED", "Another protocol begins here");
    }
  }
}
