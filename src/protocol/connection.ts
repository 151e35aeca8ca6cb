// What both sides of an HTTP/1.1 connection have in common: a reader of what comes, a writer of what goes, and
// a state for each party. It does no I/O and knows no clock: bytes in, events out; messages in, bytes out.
// It waits for nothing: backpressure is that nobody asks for the next event.

import { BodyWriter, type Piece } from "./body-writer.ts";
import { ProtocolError, StateError } from "./errors.ts";
import type { Fields } from "./fields.ts";
import type { WrittenHead } from "./head-writer.ts";
import type { Limits } from "./limits.ts";
import { type MessageEvent, MessageReader } from "./message-reader.ts";
import { nextState, type Signal, type State, type Table } from "./states.ts";

/** HTTP ends here: an upgrade or a tunnel has begun. The bytes that came already are in `takeRest()`. */
export interface SwitchEvent {
  readonly type: "switch";
}

const SWITCHED: SwitchEvent = { type: "switch" };

export abstract class Connection<Event extends MessageEvent> {
  protected readonly reader: MessageReader;
  protected ourState: State = "idle";
  protected theirState: State = "idle";
  protected lasting = true;
  protected writer: BodyWriter | undefined;
  protected out: Piece[] = [];
  readonly #table: Table;
  #failure: ProtocolError | undefined;

  /** `reads`: what comes; `table`: what this side may send. */
  constructor(reads: "request" | "response", table: Table, limits: Limits) {
    this.reader = new MessageReader(reads, limits);
    this.#table = table;
  }

  /** What this side may send next. */
  get ours(): State {
    return this.ourState;
  }

  /** What the other side may send next. */
  get theirs(): State {
    return this.theirState;
  }

  /** Whether another exchange can follow the one that runs. */
  get keepAlive(): boolean {
    return this.lasting;
  }

  /** Bytes that have come and belong to no event yet. */
  get unread(): number {
    return this.reader.unread;
  }

  receive(bytes: Uint8Array): void {
    this.reader.receive(bytes);
  }

  receiveEof(): void {
    this.reader.receiveEof();
  }

  /**
   * The next event, or undefined when it takes more bytes, or when nothing is due before something was sent.
   * Throws ProtocolError: nothing can be read after that.
   */
  next(): Event | SwitchEvent | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.theirState === "switched") return SWITCHED;
    if (!this.isDue()) return undefined;
    try {
      const event = this.reader.next() as Event | undefined;
      if (event !== undefined) this.seen(event);
      return event;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#failure = error;
      this.theirState = "failed";
      this.lasting = false;
      throw error;
    }
  }

  /** Whether the other side may send something now. */
  protected abstract isDue(): boolean;

  /** Moves the states on. */
  protected abstract seen(event: Event): void;

  protected begin(head: WrittenHead): void {
    this.lasting = head.keepAlive;
    this.writer = new BodyWriter(head.framing);
    this.out.push(head.text);
  }

  /** Sends a piece of the body: bytes, or a latin1 string. */
  data(piece: Piece): void {
    this.ourState = this.after(this.#table, this.ourState, "data");
    (this.writer as BodyWriter).data(piece, this.out);
  }

  /** Ends the message that is being sent. */
  end(trailers?: Fields): void {
    const next = this.after(this.#table, this.ourState, "end");
    (this.writer as BodyWriter).end(trailers, this.out);
    this.ourState = next;
  }

  /** Goes on to the next exchange once both sides are done with this one; false when there will be none. */
  nextExchange(): boolean {
    if (this.theirState !== "done" || this.ourState !== "done") return false;
    this.theirState = "idle";
    this.ourState = "idle";
    this.writer = undefined;
    return true;
  }

  /** The output since the last call, in order. */
  takeOutput(): Piece[] {
    const { out } = this;
    this.out = [];
    return out;
  }

  /** The bytes that came after HTTP ended. */
  takeRest(): Uint8Array {
    return this.reader.takeRest();
  }

  protected after(table: Table, state: State, signal: Signal): State {
    const next = nextState(table, state, signal);
    if (next === undefined) throw new StateError(`Cannot take "${signal}" when this side is "${state}"`);
    return next;
  }
}
