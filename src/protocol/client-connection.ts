// The client's side of an HTTP/1.1 connection without any I/O: requests in, bytes out; bytes in,
// events out. One exchange at a time: nothing is pipelined.

import { BodyWriter, type Piece } from "./body-writer.ts";
import { ProtocolError, StateError } from "./errors.ts";
import type { Fields } from "./fields.ts";
import { type RequestHead, writeRequestHead } from "./head-writer.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import {
  type DataEvent,
  type EndEvent,
  type EofEvent,
  MessageReader,
  type ResponseEvent,
} from "./message-reader.ts";
import type { SwitchEvent } from "./server-connection.ts";
import { CLIENT, nextState, SERVER, type Signal, type State, type Table } from "./states.ts";

export type ClientEvent = ResponseEvent | DataEvent | EndEvent | EofEvent | SwitchEvent;

export class ClientConnection {
  readonly #reader: MessageReader;
  #ours: State = "idle";
  #theirs: State = "idle";
  #keepAlive = true;
  #asksForUpgrade = false;
  #writer: BodyWriter | undefined;
  #out: Piece[] = [];
  #failure: ProtocolError | undefined;

  constructor(limits: Limits = DEFAULT_LIMITS) {
    this.#reader = new MessageReader("response", limits);
  }

  /** What this side may send next. */
  get ours(): State {
    return this.#ours;
  }

  /** What the server may send next. */
  get theirs(): State {
    return this.#theirs;
  }

  /** Whether another exchange can follow the one that runs. */
  get keepAlive(): boolean {
    return this.#keepAlive;
  }

  /** Bytes that no request has asked for: such a connection must not be used again. */
  get unread(): number {
    return this.#reader.unread;
  }

  /** Sends the head of a request. Throws StateError, or ProtocolError for a head that cannot be sent. */
  request(head: RequestHead): void {
    const next = this.#after(CLIENT, this.#ours, "request");
    const theirs = this.#after(SERVER, this.#theirs, "request");
    if (this.#reader.unread > 0) {
      throw new StateError("Cannot send a request: the server has sent bytes that nobody asked for");
    }
    const written = writeRequestHead(head);
    this.#ours = next;
    this.#theirs = theirs;
    this.#keepAlive = written.keepAlive;
    this.#asksForUpgrade = head.fields.has("upgrade");
    this.#writer = new BodyWriter(written.framing);
    this.#reader.answers(head.method);
    this.#out.push(written.text);
  }

  /** Sends a piece of the request's body. */
  data(bytes: Uint8Array): void {
    this.#ours = this.#after(CLIENT, this.#ours, "data");
    (this.#writer as BodyWriter).data(bytes, this.#out);
  }

  /** Ends the request. */
  end(trailers?: Fields): void {
    const next = this.#after(CLIENT, this.#ours, "end");
    (this.#writer as BodyWriter).end(trailers, this.#out);
    this.#ours = next;
  }

  /** Gives up on the rest of the request's body; nothing can follow on this connection. */
  abandonRequest(): void {
    if (this.#ours !== "body") return;
    this.#ours = this.#after(CLIENT, this.#ours, "failure");
    this.#keepAlive = false;
  }

  receive(bytes: Uint8Array): void {
    this.#reader.receive(bytes);
  }

  receiveEof(): void {
    this.#reader.receiveEof();
  }

  /** The next event, or undefined when it takes more bytes. Throws ProtocolError; the connection is of no use after that. */
  next(): ClientEvent | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#theirs === "switched") return { type: "switch" };
    // What comes when no answer is due stays unread: it is never taken for the next answer.
    const due = this.#theirs === "answer" || this.#theirs === "body";
    if (!due && (this.#theirs !== "idle" || this.#reader.unread > 0)) return undefined;
    try {
      const event = this.#reader.next() as ResponseEvent | DataEvent | EndEvent | EofEvent | undefined;
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

  #seen(event: ResponseEvent | DataEvent | EndEvent | EofEvent): void {
    switch (event.type) {
      case "interim":
        this.#theirs = this.#after(SERVER, this.#theirs, "interim");
        return;
      case "response":
        if (event.status === 101 && !this.#asksForUpgrade) {
          throw new ProtocolError(
            "UPGRADE_UNASKED",
            "Cannot follow the server's 101: no upgrade was asked for",
          );
        }
        if (event.framing.kind === "switch") {
          this.#theirs = this.#after(SERVER, this.#theirs, "switch");
          this.#ours = "switched";
          return;
        }
        this.#theirs = this.#after(SERVER, this.#theirs, "response");
        this.#keepAlive &&= event.keepAlive;
        return;
      case "data":
        return;
      case "end":
        this.#theirs = this.#keepAlive ? "done" : "ended";
        return;
      case "eof":
        if (this.#theirs === "answer") {
          throw new ProtocolError(
            "ANSWER_MISSING",
            "Cannot read an answer: the server closed the connection without one",
          );
        }
        this.#theirs = "closed";
        this.#keepAlive = false;
        return;
    }
  }

  /** Makes the connection ready for another request; false when it cannot be used again. */
  nextExchange(): boolean {
    if (this.#theirs !== "done" || this.#ours !== "done" || this.#reader.unread > 0) return false;
    this.#theirs = "idle";
    this.#ours = "idle";
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

  #after(table: Table, state: State, signal: Signal): State {
    const next = nextState(table, state, signal);
    if (next === undefined) throw new StateError(`Cannot take "${signal}" when this side is "${state}"`);
    return next;
  }
}
