// Sockets that this side has opened, as transports: what a client needs beyond what a server does.

import type { Socket } from "node:net";
import { TcpTransport } from "./tcp.ts";
import type { Receiver } from "./transport.ts";

/**
 * A server that refuses an upload answers, closes, and resets what still comes. A failed write destroys a
 * socket of Node's at once, and the answer that waits to be read with it. So a write that meets a closed
 * connection never completes here; the reading side, which comes to the same end, tells how it ended.
 */
export function keepReadingAfterWriteError(socket: Socket): void {
  type Done = (error?: Error | null) => void;
  const patient =
    (done: Done): Done =>
    (error) => {
      const code = (error as NodeJS.ErrnoException | null | undefined)?.code;
      if ((code === "EPIPE" || code === "ECONNRESET") && !socket.readableEnded) return;
      done(error);
    };
  const write = socket._write;
  socket._write = (chunk, encoding, done) => write.call(socket, chunk, encoding, patient(done));
  const writev = socket._writev;
  if (writev) socket._writev = (chunks, done) => writev.call(socket, chunks, patient(done));
}

const NOTHING = Buffer.alloc(0);

/**
 * Tells a reset from an end in good order. libuv takes both for an end when they come right behind data
 * (uv__stream_io, POLLHUP), and a body that lasts until the connection ends would pass for whole. Writing
 * nothing at all asks the system, which knows.
 */
export class OpenedTransport extends TcpTransport {
  readonly #socket: Socket;
  #isBroken = false;

  /** `path`: of a UNIX socket; `carrier`: the socket that TLS was put upon, which knows the addresses. */
  constructor(socket: Socket, path: string | undefined, carrier: Socket) {
    super(socket, path, carrier);
    this.#socket = socket;
    socket.on("error", () => {
      this.#isBroken = true;
    });
  }

  override attach(receiver: Receiver): void {
    super.attach({
      received: (bytes) => receiver.received(bytes),
      ended: () => this.#ended(receiver),
      drained: () => receiver.drained(),
      stalled: () => receiver.stalled(),
      closed: (error) => receiver.closed(error),
    });
  }

  #ended(receiver: Receiver): void {
    const socket = this.#socket;
    // An alert of the server's is an error, and yet its connection ends in good order behind it.
    if (this.#isBroken) {
      socket.destroy();
      return;
    }
    // Behind bytes that still wait to be sent the question would wait, too.
    if (!socket.writable || socket.writableLength > 0) {
      receiver.ended();
      return;
    }
    // After an error the socket closes, and tells why.
    socket.write(NOTHING, (error) => error ?? receiver.ended());
  }
}
