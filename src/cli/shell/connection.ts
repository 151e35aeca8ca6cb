// The shell's one connection: a client that keeps it for as long as the server does, whether it is open, the bytes
// that cross it, and its end in good order. Knows nothing of lines.

import { Client } from "../../client/client.ts";
import { type Connect, connect } from "../../net/connect.ts";
import type { Endpoint, Receiver, Transport } from "../../net/transport.ts";

/** Bytes of one exchange, each way. */
export interface WireRecord {
  readonly sent: Recording;
  readonly received: Recording;
}

/** Who closed a connection: the server, or the client, which does so when it can carry nothing more. */
export type ClosedBy = "server" | "client";

/** An unused connection is the server's to close. */
const KEPT = 24 * 60 * 60 * 1000;
/** Milliseconds that a server has to close its half when we have closed ours. */
const FAREWELL = 1000;
/** More of an exchange is not kept, each way. */
const MOST_RECORDED = 1024 * 1024;

export class Connection {
  readonly client: Client;
  readonly #told: (by: ClosedBy) => void;
  #transport: WatchedTransport | undefined;
  #record: WireRecord = newRecord();
  #closing = false;

  /** `told` is called when the connection was closed, unless that was by `close`. */
  constructor(told: (by: ClosedBy) => void, open: Connect = connect) {
    this.#told = told;
    this.client = new Client({
      maxConnections: 1,
      keepAliveTimeout: KEPT,
      connect: async (where, options) => {
        const connected = await open(where, options);
        // What a connection that broke had carried of the same request is not part of the exchange.
        this.#record = newRecord();
        const transport: WatchedTransport = new WatchedTransport(
          connected.transport,
          () => this.#record,
          (by) => this.#closed(transport, by),
        );
        this.#transport = transport;
        return { ...connected, transport };
      },
    });
  }

  get open(): boolean {
    return this.#transport !== undefined;
  }

  /** Records from now on; what was recorded before stays with who has it. */
  record(): void {
    this.#record = newRecord();
  }

  /** Of the exchange that runs, or ran last. */
  get recorded(): WireRecord {
    return this.#record;
  }

  /** Says that no more comes (FIN), and waits for the server to say so, too. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#transport?.farewell();
    await this.client.destroy();
  }

  #closed(transport: WatchedTransport, by: ClosedBy): void {
    if (this.#transport !== transport) return;
    this.#transport = undefined;
    if (!this.#closing) this.#told(by);
  }
}

function newRecord(): WireRecord {
  return { sent: new Recording(), received: new Recording() };
}

/** Bytes as they came, up to a limit. */
export class Recording {
  readonly #pieces: Uint8Array[] = [];
  #kept = 0;
  /** Bytes that were too many to be kept. */
  left = 0;

  push(bytes: Uint8Array): void {
    const room = Math.max(0, MOST_RECORDED - this.#kept);
    // A copy: whoever wrote the bytes may use their place again.
    if (room > 0) this.#pieces.push(Buffer.from(bytes.subarray(0, room)));
    this.#kept += Math.min(room, bytes.length);
    this.left += Math.max(0, bytes.length - room);
  }

  bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }
}

class WatchedTransport implements Transport {
  readonly #inner: Transport;
  readonly #record: () => WireRecord;
  readonly #closed: (by: ClosedBy) => void;
  #over = false;
  #farewell: (() => void) | undefined;

  constructor(inner: Transport, record: () => WireRecord, closed: (by: ClosedBy) => void) {
    this.#inner = inner;
    this.#record = record;
    this.#closed = closed;
  }

  get local(): Endpoint {
    return this.#inner.local;
  }

  get remote(): Endpoint {
    return this.#inner.remote;
  }

  attach(receiver: Receiver): void {
    this.#inner.attach({
      received: (bytes) => {
        this.#record().received.push(bytes);
        receiver.received(bytes);
      },
      ended: () => {
        this.#end("server");
        receiver.ended();
      },
      drained: () => receiver.drained(),
      stalled: () => receiver.stalled(),
      closed: (error) => {
        this.#end("server");
        receiver.closed(error);
      },
    });
  }

  pause(): void {
    this.#inner.pause();
  }

  resume(): void {
    this.#inner.resume();
  }

  write(piece: string | Uint8Array, written?: () => void): boolean {
    this.#record().sent.push(typeof piece === "string" ? Buffer.from(piece, "latin1") : piece);
    return this.#inner.write(piece, written);
  }

  cork(): void {
    this.#inner.cork();
  }

  uncork(): void {
    this.#inner.uncork();
  }

  stallTimeout(milliseconds: number): void {
    this.#inner.stallTimeout(milliseconds);
  }

  end(sent?: () => void): void {
    this.#inner.end(sent);
  }

  destroy(): void {
    this.#end("client");
    this.#inner.destroy();
  }

  reset(): void {
    this.#end("client");
    this.#inner.reset();
  }

  /** FIN, and the other side's FIN behind it. */
  farewell(): Promise<void> {
    if (this.#over) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, FAREWELL);
      this.#farewell = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#inner.end();
    });
  }

  #end(by: ClosedBy): void {
    if (this.#over) return;
    this.#over = true;
    this.#farewell?.();
    this.#closed(by);
  }
}
