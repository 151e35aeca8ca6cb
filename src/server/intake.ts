// The body of a request on its way to the handler: nothing is taken from the connection before somebody asks,
// and while nobody does, the socket is paused.

import type { Deadline } from "../net/deadline.ts";
import type { ServerConnection, ServerEvent } from "../protocol/server-connection.ts";
import { BodyTimeoutError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";

/** What an intake does to the flow of the connection. */
export interface Flow {
  pause(): void;
  resume(): void;
  /** Hands on what the protocol has written. */
  flush(): void;
}

interface Waiter {
  readonly exchange: Exchange;
  readonly resolve: (bytes: Uint8Array | undefined) => void;
  readonly reject: (error: unknown) => void;
}

export class Intake {
  readonly #connection: ServerConnection;
  readonly #deadline: Deadline;
  readonly #timeout: number;
  readonly #flow: Flow;
  #waiter: Waiter | undefined;

  /** `timeout`: milliseconds in which a body must move. */
  constructor(connection: ServerConnection, deadline: Deadline, timeout: number, flow: Flow) {
    this.#connection = connection;
    this.#deadline = deadline;
    this.#timeout = timeout;
    this.#flow = flow;
  }

  /** Whether somebody waits for bytes. */
  get waiting(): boolean {
    return this.#waiter !== undefined;
  }

  /** The next bytes, undefined at the end. Throws what the protocol says of them. */
  async pull(exchange: Exchange): Promise<Uint8Array | undefined> {
    const connection = this.#connection;
    if (connection.awaitsContinue && connection.ours === "answer") {
      connection.interim(100);
      this.#flow.flush();
    }
    const event = connection.next();
    if (event !== undefined) return bytesOf(exchange, event);
    if (connection.theirs !== "body") return undefined;
    this.#deadline.set(this.#timeout);
    return new Promise((resolve, reject) => {
      this.#waiter = { exchange, resolve, reject };
      this.#flow.resume();
    });
  }

  /** Something has come: gives it to whoever waits. */
  feed(): void {
    const waiter = this.#waiter;
    if (waiter === undefined) {
      this.#flow.pause();
      return;
    }
    let event: ServerEvent | undefined;
    try {
      event = this.#connection.next();
    } catch (error) {
      this.fail(error);
      return;
    }
    if (event === undefined) {
      // The framing of a chunk has moved, if not its data.
      this.#deadline.set(this.#timeout);
      return;
    }
    this.#waiter = undefined;
    this.#deadline.clear();
    if (this.#connection.unread > 0) this.#flow.pause();
    waiter.resolve(bytesOf(waiter.exchange, event));
  }

  /** Nothing has come for too long. */
  tooLate(): void {
    this.fail(new BodyTimeoutError(this.#timeout));
  }

  /** No more will come for whoever waits. */
  fail(error: unknown): void {
    const waiter = this.#waiter;
    if (waiter === undefined) return;
    this.#waiter = undefined;
    this.#deadline.clear();
    waiter.reject(error);
  }

  /** The exchange is over; who still waits may wait. */
  forget(): void {
    this.#waiter = undefined;
  }
}

function bytesOf(exchange: Exchange, event: ServerEvent): Uint8Array | undefined {
  if (event.type === "data") return event.bytes;
  if (event.type === "end") exchange.bodyEnded(event.trailers);
  return undefined;
}
