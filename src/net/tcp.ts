// TCP and UNIX sockets of node:net as transports.

import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Endpoint, Receiver, Transport } from "./transport.ts";

const NOBODY: Receiver = { received() {}, ended() {}, drained() {}, stalled() {}, closed() {} };

/** A transport over a connected socket, which must have been made with `allowHalfOpen`. */
export class TcpTransport implements Transport {
  readonly #socket: Socket;
  readonly #carrier: Socket;
  readonly #path: string;
  readonly #remote: Endpoint;
  #receiver: Receiver = NOBODY;
  #error: Error | undefined;

  /** `path` is the UNIX socket's, which the socket itself does not tell; `carrier` knows the addresses. */
  constructor(socket: Socket, path: string = "", carrier: Socket = socket) {
    this.#socket = socket;
    this.#carrier = carrier;
    this.#path = path;
    // Asked for now: a socket that is gone does not know it any more.
    this.#remote = { address: carrier.remoteAddress ?? path, port: carrier.remotePort ?? 0 };
    socket.on("data", (bytes) => this.#receiver.received(bytes));
    socket.on("end", () => this.#receiver.ended());
    socket.on("drain", () => this.#receiver.drained());
    socket.on("timeout", () => this.#receiver.stalled());
    socket.on("error", (error) => {
      this.#error = error;
    });
    socket.on("close", () => this.#receiver.closed(this.#error));
  }

  get local(): Endpoint {
    return { address: this.#carrier.localAddress ?? this.#path, port: this.#carrier.localPort ?? 0 };
  }

  get remote(): Endpoint {
    return this.#remote;
  }

  attach(receiver: Receiver): void {
    this.#receiver = receiver;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  write(piece: string | Uint8Array, written?: () => void): boolean {
    const socket = this.#socket;
    // A socket that is gone says so by `closed`; writing to it would only raise an error of its own.
    if (socket.destroyed || socket.writableEnded) return true;
    // A write that destroying the socket cuts off completes without an error.
    const done =
      written === undefined ? undefined : (error?: Error | null) => error || socket.destroyed || written();
    return typeof piece === "string" ? socket.write(piece, "latin1", done) : socket.write(piece, done);
  }

  cork(): void {
    this.#socket.cork();
  }

  uncork(): void {
    this.#socket.uncork();
  }

  stallTimeout(milliseconds: number): void {
    this.#socket.setTimeout(milliseconds);
  }

  end(sent?: () => void): void {
    this.#socket.end(sent);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  reset(): void {
    // Neither UNIX sockets nor TLS have it; TLS tells a broken end from a closed one by itself.
    const tcp = this.#path === "" && !(this.#socket instanceof TLSSocket);
    // resetAndDestroy() closes in good order first, which is what must not be seen. The mark that it sets is enough.
    if (tcp) Object.assign(this.#socket, { resetAndClosing: true });
    this.#socket.destroy();
  }
}
