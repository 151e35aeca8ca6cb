// Listening, the set of open connections, and stopping in good order.

import { setMaxListeners } from "node:events";
import { Problem } from "../message/problem.ts";
import type { Request } from "../message/request.ts";
import type { Handler } from "../message/response.ts";
import { type ListenAddress, type Listener, listen } from "../net/listen.ts";
import type { Transport } from "../net/transport.ts";
import { StateError } from "../protocol/errors.ts";
import { formatHttpDate } from "../semantics/dates.ts";
import { DEFAULT_SETTINGS, type ExchangeRecord, type ServerOptions, type ServerSettings } from "./options.ts";
import { Session } from "./session.ts";
import type { SessionHost } from "./session-host.ts";

/** Where a server listens. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  /** The path of a UNIX socket, else undefined. */
  readonly path: string | undefined;
  /** "http://127.0.0.1:3091", or "unix:/run/x.sock". */
  readonly url: string;
}

/** Connections beyond the limit that get an answer; the next ones are closed without a word. */
const TURNED_AWAY = 256;

/**
 * A server: `handler` answers every request that can be read.
 *
 * ```ts
 * const server = createServer({ handler: () => new Response(200, { body: "Hello" }) });
 * const { url } = await server.listen({ port: 0 });
 * await server.stop();
 * ```
 */
export function createServer(options: ServerOptions): Server {
  return new Server(options);
}

export class Server implements SessionHost {
  readonly settings: ServerSettings;
  readonly handler: Handler;
  readonly onExchange: ((record: ExchangeRecord) => void) | undefined;
  readonly onError: (error: unknown, request: Request | undefined) => void;
  readonly #sessions = new Set<Session>();
  readonly #listeners: Listener[] = [];
  #stopped: Promise<void> | undefined;
  #stopping: AbortController | undefined;
  #allClosed: (() => void) | undefined;
  #dateSecond = 0;
  #date = "";

  constructor(options: ServerOptions) {
    const { handler, onExchange, onError, ...settings } = options;
    const given = Object.entries(settings).filter(([, value]) => value !== undefined);
    this.settings = { ...DEFAULT_SETTINGS, ...Object.fromEntries(given) };
    this.handler = handler;
    this.onExchange = onExchange;
    this.onError = onError ?? writeError;
  }

  /** Open connections. */
  get connections(): number {
    return this.#sessions.size;
  }

  // Made when somebody asks: most servers have no answer that goes on until they stop.
  get stopping(): AbortSignal {
    if (this.#stopping === undefined) {
      this.#stopping = new AbortController();
      // Every answer without an end listens to it.
      setMaxListeners(0, this.#stopping.signal);
      if (this.#stopped !== undefined) this.#stopping.abort();
    }
    return this.#stopping.signal;
  }

  /** Listens; may be called several times, for several addresses. Throws ListenError, which tells the way out, and StateError after `stop`. */
  async listen(where: ListenAddress = {}): Promise<ServerAddress> {
    if (this.#stopped !== undefined)
      throw new StateError("Cannot listen: the server was stopped; make another");
    const listener = await listen(where, (transport) => this.#accept(transport));
    this.#listeners.push(listener);
    const { host, port, path } = listener.address;
    const name = host.includes(":") ? `[${host}]` : host;
    return { host, port, path, url: path === undefined ? `http://${name}:${port}` : `unix:${path}` };
  }

  /**
   * Stops in good order: takes no new connections, closes idle ones at once, tells answers without an end
   * (`Request.stopping`), lets the others finish the exchange that runs, and breaks what is left after `deadline` milliseconds (default 10,000; 0: at once).
   */
  stop(deadline: number = 10_000): Promise<void> {
    if (this.#stopped === undefined) {
      this.#stopped = this.#stop();
      this.#stopping?.abort();
    }
    if (deadline === 0) this.#breakAll();
    else {
      const timer = setTimeout(() => this.#breakAll(), deadline);
      this.#stopped.then(() => clearTimeout(timer));
    }
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    const closing = this.#listeners.map((listener) => listener.close());
    for (const session of this.#sessions) session.stop();
    if (this.#sessions.size > 0) {
      await new Promise<void>((resolve) => {
        this.#allClosed = resolve;
      });
    }
    await Promise.all(closing);
  }

  #breakAll(): void {
    for (const session of this.#sessions) session.destroy();
  }

  #accept(transport: Transport): void {
    const { maxConnections } = this.settings;
    const full = maxConnections > 0 && this.#sessions.size >= maxConnections;
    // Those that are told 503 linger for a while; a flood of them must not take what the limit was to save.
    if (full && this.#sessions.size >= maxConnections + TURNED_AWAY) {
      transport.destroy();
      return;
    }
    const session = new Session(transport, this, (closed) => this.#sessionClosed(closed));
    this.#sessions.add(session);
    if (full) {
      const detail = `Cannot take more than ${maxConnections} connections at a time. Try again in a moment.`;
      session.turnAway(new Problem(503, { detail, fields: { "Retry-After": "1" } }));
    } else if (this.#stopped !== undefined) session.stop();
  }

  date(): string {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.#dateSecond) {
      this.#dateSecond = second;
      this.#date = formatHttpDate(second * 1000);
    }
    return this.#date;
  }

  #sessionClosed(session: Session): void {
    this.#sessions.delete(session);
    if (this.#sessions.size === 0) this.#allClosed?.();
  }
}

function writeError(error: unknown, request: Request | undefined): void {
  const what = request === undefined ? "" : ` ${request.method} ${request.rawTarget}:`;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`sockeye:${what} ${text}\n`);
}
