// Opening connections: TCP to a name or an address, UNIX sockets, TLS over TCP. Knows no HTTP: that a TLS
// connection will carry it is said by the ALPN name only.

import { isIP, type LookupFunction, connect as openSocket, type Socket } from "node:net";
import { connect as openTls, type TLSSocket } from "node:tls";
import { type ConnectAddress, explain, type Step, timedOut } from "./connect-errors.ts";
import { TcpTransport } from "./tcp.ts";
import type { Receiver, Transport } from "./transport.ts";

export interface ConnectOptions {
  /** Milliseconds for all of it: name, connection, TLS handshake. 0: as long as the system waits. */
  readonly timeout: number;
  /** Gives up when aborted; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Resolves names instead of the system, in the form of `dns.lookup`. */
  readonly lookup?: LookupFunction | undefined;
  /** Certificates of the authorities to trust, in PEM, instead of those that Node knows. */
  readonly ca?: string | readonly string[] | undefined;
}

export interface Connected {
  readonly transport: Transport;
  /** Milliseconds that each step took; undefined for a step that was not needed. */
  readonly timing: {
    readonly dns: number | undefined;
    readonly connect: number;
    readonly tls: number | undefined;
  };
  /** Whether the connection keeps the process running: it does from the start. */
  ref(): void;
  unref(): void;
}

export type Connect = (where: ConnectAddress, options: ConnectOptions) => Promise<Connected>;

/** How long one address is tried before the next: as RFC 8305, 5 recommends. */
const ATTEMPT_DELAY = 250;

/**
 * Connects. A name with addresses of both families is tried with each in turn, 250 ms apart. Throws ConnectError,
 * or the reason of `signal`.
 */
export const connect: Connect = (where, options) =>
  new Promise<Connected>((resolve, reject) => {
    const started = performance.now();
    const secure = !("path" in where) && where.tls === true;
    const socket = open(where, options);
    keepReadingAfterWriteError(socket);
    let step: Step = "path" in where || isIP(where.host) !== 0 ? "connect" : "lookup";
    let resolved = started;
    let connected = started;

    const giveUp = (error: unknown): void => {
      leave();
      // What a socket that was given up says later is nobody's business.
      socket.on("error", () => undefined).destroy();
      reject(error);
    };
    const failed = (error: Error): void => giveUp(explain(error, where, step));
    const tooLate = (): void => giveUp(timedOut(where, step, options.timeout));
    const aborted = (): void => giveUp(options.signal?.reason);
    const onLookup = (): void => {
      // Told once for each address; the first one ends the waiting.
      if (step !== "lookup") return;
      step = "connect";
      resolved = performance.now();
    };
    const onConnect = (): void => {
      connected = performance.now();
      if (secure) step = "handshake";
      else done();
    };
    const done = (): void => {
      leave();
      const ended = performance.now();
      resolve({
        transport: new OpenedTransport(socket, "path" in where ? where.path : undefined),
        timing: {
          dns: resolved === started ? undefined : resolved - started,
          connect: connected - resolved,
          tls: secure ? ended - connected : undefined,
        },
        ref: () => void socket.ref(),
        unref: () => void socket.unref(),
      });
    };
    const leave = (): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", aborted);
      socket
        .off("lookup", onLookup)
        .off("connect", onConnect)
        .off("secureConnect", done)
        .off("error", failed);
    };

    const timer = options.timeout > 0 ? setTimeout(tooLate, options.timeout) : undefined;
    socket.on("lookup", onLookup).on("connect", onConnect).on("error", failed);
    if (secure) socket.on("secureConnect", done);
    if (options.signal?.aborted) aborted();
    else options.signal?.addEventListener("abort", aborted);
  });

function open(where: ConnectAddress, { lookup, ca }: ConnectOptions): Socket {
  if ("path" in where) return openSocket({ path: where.path, allowHalfOpen: true });
  const { host, port } = where;
  const tcp = {
    host,
    port,
    allowHalfOpen: true,
    noDelay: true,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ATTEMPT_DELAY,
    ...(lookup === undefined ? {} : { lookup }),
  };
  if (where.tls !== true) return openSocket(tcp);
  const tls = {
    ALPNProtocols: ["http/1.1"],
    // An address is not a server name (RFC 6066, 3).
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca: typeof ca === "string" ? ca : [...ca] }),
  };
  const socket: TLSSocket = openTls({ ...tcp, ...tls });
  socket.setNoDelay(true);
  return socket;
}

/**
 * A server that refuses an upload answers, closes, and resets what still comes. A failed write destroys a
 * socket of Node's at once, and the answer that waits to be read with it. So a write that meets a closed
 * connection never completes here; the reading side, which comes to the same end, tells how it ended.
 */
function keepReadingAfterWriteError(socket: Socket): void {
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
class OpenedTransport extends TcpTransport {
  readonly #socket: Socket;

  constructor(socket: Socket, path: string | undefined) {
    super(socket, path);
    this.#socket = socket;
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
    // Behind bytes that still wait to be sent the question would wait, too.
    if (!socket.writable || socket.writableLength > 0) {
      receiver.ended();
      return;
    }
    // After an error the socket closes, and tells why.
    socket.write(NOTHING, (error) => error ?? receiver.ended());
  }
}
