// The server's side of an HTTP/1.1 connection without any I/O: bytes in, events out; answers in, bytes
// out. It knows neither sockets nor clocks, and waits for nothing: backpressure is that nobody asks
// for the next event.

import { BodyWriter, type Piece } from "./body-writer.ts";
import { ProtocolError, StateError } from "./errors.ts";
import type { Fields } from "./fields.ts";
import { type ResponseHead, writeInterimHead, writeResponseHead, writeSwitchHead } from "./head-writer.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import {
  type DataEvent,
  type EndEvent,
  type EofEvent,
  MessageReader,
  type RequestEvent,
} from "./message-reader.ts";
import { CLIENT, nextState, SERVER, type Signal, type State } from "./states.ts";

/** HTTP ends here: an upgrade or a tunnel has begun. The bytes that came already are in `takeRest()`. */
export interface SwitchEvent {
  readonly type: "switch";
}

export type ServerEvent = RequestEvent | DataEvent | EndEvent | EofEvent | SwitchEvent;

export class ServerConnection {
  readonly #reader: MessageReader;
  #theirs: State = "idle";
  #ours: State = "idle";
  #request: RequestEvent | undefined;
  #keepAlive = true;
  #awaitsContinue = false;
  #writer: BodyWriter | undefined;
  #out: Piece[] = [];
  #failure: ProtocolError | undefined;

  constructor(limits: Limits = DEFAULT_LIMITS) {
    this.#reader = new MessageReader("request", limits);
  }

  /** What the client may send next. */
  get theirs(): State {
    return this.#theirs;
  }

  /** What this side may send next. */
  get ours(): State {
    return this.#ours;
  }

  /** Whether another exchange can follow the one that runs. */
  get keepAlive(): boolean {
    return this.#keepAlive;
  }

  /** Whether the client holds its body back until it sees a 100. */
  get awaitsContinue(): boolean {
    return this.#awaitsContinue;
  }

  /** Whether the head of the next request has begun to come. */
  get insideHead(): boolean {
    return this.#reader.insideHead;
  }

  /** Bytes that have come and belong to no event yet. */
  get unread(): number {
    return this.#reader.unread;
  }

  /** Bytes of the request's body still to come, undefined when that is not known. */
  get bodyRemaining(): number | undefined {
    return this.#theirs === "body" ? this.#reader.bodyRemaining : 0;
  }

  receive(bytes: Uint8Array): void {
    this.#reader.receive(bytes);
  }

  receiveEof(): void {
    this.#reader.receiveEof();
  }

  /**
   * The next event, or undefined when it takes more bytes, or when the next request has to wait
   * for `nextExchange`. Throws ProtocolError: an answer can still be sent, nothing can be read.
   */
  next(): ServerEvent | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#theirs === "switched") return { type: "switch" };
    if (this.#theirs !== "idle" && this.#theirs !== "body") return undefined;
    try {
      const event = this.#reader.next() as RequestEvent | DataEvent | EndEvent | EofEvent | undefined;
      if (event !== undefined) this.#seen(event);
      return event;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#failure = error;
      this.#theirs = "failed";
      this.#keepAlive = false;
      throw error;
    }
  }

  #seen(event: RequestEvent | DataEvent | EndEvent | EofEvent): void {
    switch (event.type) {
      case "request":
        this.#request = event;
        this.#keepAlive &&= event.keepAlive;
        this.#awaitsContinue = event.expectsContinue && event.framing.kind !== "none";
        this.#theirs = "body";
        this.#ours = this.#after(SERVER, this.#ours, "request");
        return;
      case "data":
        this.#awaitsContinue = false;
        return;
      case "end":
        this.#awaitsContinue = false;
        this.#theirs = this.#keepAlive ? "done" : "ended";
        return;
      case "eof":
        this.#theirs = this.#after(CLIENT, this.#theirs, "close");
        return;
    }
  }

  /** Sends an interim response. HTTP/1.0 clients know none: for them nothing is sent (RFC 9110, 15.2). */
  interim(status: number, fields?: Fields): void {
    if (status < 100 || status > 199 || status === 101) {
      throw new StateError(`Cannot send ${status} as an interim response: it takes 100 or 102 to 199`);
    }
    this.#ours = this.#after(SERVER, this.#ours, "interim");
    if (status === 100) this.#awaitsContinue = false;
    if (this.#request?.version === "1.1") this.#out.push(writeInterimHead(status, fields));
  }

  /** Whether the answer whose head was sent has a body: not that to HEAD, no 204, no 304, no empty one. */
  get takesBody(): boolean {
    return this.#writer !== undefined && this.#writer.framing.kind !== "none";
  }

  /** Whether that body is chunked, and has room for trailers. */
  get takesTrailers(): boolean {
    return this.#writer?.framing.kind === "chunked";
  }

  /** Whether that body ends where the connection does. */
  get endsByClosing(): boolean {
    return this.#writer?.framing.kind === "close";
  }

  /**
   * Sends the head of the final response, and returns it. With a 101, or a 2xx to CONNECT, HTTP ends on this connection.
   * Throws StateError, or ProtocolError for a head that cannot be sent; nothing was sent then.
   */
  respond(head: ResponseHead): string {
    const request = this.#request;
    const tunnel = request?.method === "CONNECT" && head.status >= 200 && head.status < 300;
    if (head.status === 101 || tunnel) {
      return this.#switch(head);
    }
    if (head.status < 200)
      throw new StateError(`Cannot send ${head.status} as the final response: it takes 200 or more`);
    const next = this.#after(SERVER, this.#ours, "response");
    // A body that the client holds back may come or not, so nothing can follow it (RFC 9110, 10.1.1).
    const keepAlive = this.#keepAlive && !this.#awaitsContinue && request !== undefined;
    const written = writeResponseHead(head, {
      method: request?.method ?? "",
      version: request?.version ?? "1.1",
      keepAlive,
    });
    this.#ours = next;
    this.#keepAlive = written.keepAlive;
    // "idle" when no request was waited for (408, 503): one that comes now would have no answer.
    if (!written.keepAlive && (this.#theirs === "done" || this.#theirs === "idle")) this.#theirs = "ended";
    this.#writer = new BodyWriter(written.framing);
    this.#out.push(written.text);
    return written.text;
  }

  #switch(head: ResponseHead): string {
    // An Upgrade field in HTTP/1.0 is ignored (RFC 9110, 7.8).
    if (head.status === 101 && !(this.#request?.version === "1.1" && this.#request.fields.has("upgrade"))) {
      throw new StateError("Cannot send 101: the client did not ask for an upgrade");
    }
    if (this.#theirs === "body")
      throw new StateError("Cannot switch protocols before the request was read to its end");
    const next = this.#after(SERVER, this.#ours, "switch");
    const text = writeSwitchHead(head);
    this.#ours = next;
    this.#theirs = "switched";
    this.#out.push(text);
    return text;
  }

  /** Sends a piece of the response's body. */
  data(bytes: Piece): void {
    this.#ours = this.#after(SERVER, this.#ours, "data");
    (this.#writer as BodyWriter).data(bytes, this.#out);
  }

  /** Ends the response. */
  end(trailers?: Fields): void {
    const next = this.#after(SERVER, this.#ours, "end");
    (this.#writer as BodyWriter).end(trailers, this.#out);
    this.#ours = this.#keepAlive ? next : "ended";
  }

  /** Makes this exchange the connection's last. Has to be said before `respond` for the client to be told. */
  lastExchange(): void {
    this.#keepAlive = false;
    if (this.#theirs === "done") this.#theirs = "ended";
    if (this.#ours === "done") this.#ours = "ended";
  }

  /** Goes on to the next request once both sides are done with this one; false when there will be none. */
  nextExchange(): boolean {
    if (this.#theirs !== "done" || this.#ours !== "done") return false;
    this.#theirs = "idle";
    this.#ours = "idle";
    this.#request = undefined;
    this.#writer = undefined;
    return true;
  }

  /** The output since the last call, in order. */
  takeOutput(): Piece[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  /** The bytes that came after HTTP ended. */
  takeRest(): Uint8Array {
    return this.#reader.takeRest();
  }

  #after(table: typeof SERVER, state: State, signal: Signal): State {
    const next = nextState(table, state, signal);
    if (next === undefined) throw new StateError(`Cannot take "${signal}" when this side is "${state}"`);
    return next;
  }
}
