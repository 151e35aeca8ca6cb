// TCP and UNIX sockets of node:net as transports.

import type { Socket } from "node:net";
import type { Endpoint, Receiver, Transport } from "./transport.ts";

const NOBODY: Receiver = { received() {}, ended() {}, drained() {}, stalled() {}, closed() {} };

/** A transport over a connected socket, which must have been made with `allowHalfOpen`. */
export class TcpTransport implements Transport {
  readonly #socket: Socket;
  readonly #path: string;
  #receiver: Receiver = NOBODY;
  #error: Error | undefined;

  /** `path` is the UNIX socket's, which the socket itself does not tell. */
  constructor(socket: Socket, path: string = "") {
    this.#socket = socket;
    this.#path = path;
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
    return { address: this.#socket.localAddress ?? this.#path, port: this.#socket.localPort ?? 0 };
  }

  get remote(): Endpoint {
    return { address: this.#socket.remoteAddress ?? this.#path, port: this.#socket.remotePort ?? 0 };
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
    const done = written === undefined ? undefined : (error?: Error | null) => error ?? written();
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

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
