// The connections of one kind to one origin: those that rest, those that work, and who waits for one. It does not know
// what is said over them.

import type { Connected } from "../net/connect.ts";
import { ConnectError } from "../net/connect-errors.ts";
import type { Open } from "./connecting.ts";
import { ClientError } from "./errors.ts";
import type { ClientSettings } from "./options.ts";
import { Session, type SessionHost } from "./session.ts";

/** Who wants a connection. Gets exactly one of the two calls, unless it is forgotten first. */
export interface Waiting {
  readonly connectTimeout: number;
  granted(session: Session): void;
  refused(error: ClientError): void;
}

export class Pool implements SessionHost {
  readonly #openOne: Open;
  readonly #settings: ClientSettings;
  readonly #emptied: () => void;
  /** The one used last is at the end, and is used first: the others grow old and go. */
  readonly #idle: Session[] = [];
  readonly #busy = new Set<Session>();
  readonly #connecting = new Map<Waiting, AbortController>();
  readonly #queue = new Set<Waiting>();
  #sweeper: NodeJS.Timeout | undefined;
  #settling: NodeJS.Immediate | undefined;
  #closing = false;
  #deciding = false;

  /** `emptied` is called each time there is no connection left, and nobody waits for one. */
  constructor(open: Open, settings: ClientSettings, emptied: () => void) {
    this.#openOne = open;
    this.#settings = settings;
    this.#emptied = emptied;
  }

  get limits(): ClientSettings["limits"] {
    return this.#settings.limits;
  }

  get empty(): boolean {
    return this.#idle.length + this.#busy.size + this.#connecting.size + this.#queue.size === 0;
  }

  /**
   * Finds a connection: one that rests, a new one, or the next that is free. `fresh`: not one that may be dead.
   * Returns whether it has to be waited for until another is free.
   */
  acquire(waiting: Waiting, fresh: boolean = false): boolean {
    // Connections that go meanwhile do not leave the pool empty: somebody is about to use it.
    this.#deciding = true;
    if (fresh && this.#full) this.#idle[0]?.destroy();
    const session = fresh ? undefined : this.#takeIdle();
    this.#deciding = false;
    if (session === undefined && this.#full) {
      this.#queue.add(waiting);
      return true;
    }
    if (session === undefined) this.#open(waiting);
    else this.#grant(waiting, session);
    return false;
  }

  /** The one who waited does not any more. */
  forget(waiting: Waiting): void {
    this.#queue.delete(waiting);
    this.#connecting.get(waiting)?.abort();
  }

  /** Keeps no unused connection from now on. Those that work finish first. */
  close(): void {
    this.#closing = true;
    for (const session of [...this.#idle]) session.destroy();
  }

  /** Breaks everything off. */
  destroy(): void {
    this.close();
    for (const session of [...this.#busy]) session.destroy();
    for (const waiting of [...this.#queue, ...this.#connecting.keys()]) {
      this.forget(waiting);
      waiting.refused(new ClientError("CLIENT_CLOSED", "Cannot make this request: the client was closed"));
    }
    this.#tellEmptied();
  }

  get #full(): boolean {
    const { maxConnections } = this.#settings;
    return (
      maxConnections > 0 && this.#idle.length + this.#busy.size + this.#connecting.size >= maxConnections
    );
  }

  #takeIdle(): Session | undefined {
    let session = this.#idle.pop();
    if (session === undefined) return undefined;
    const now = performance.now();
    // A process that slept may find connections that the server has long closed.
    while (session !== undefined && session.keptUntil < now) {
      this.#busy.add(session);
      session.destroy();
      session = this.#idle.pop();
    }
    return session;
  }

  #grant(waiting: Waiting, session: Session): void {
    this.#busy.add(session);
    waiting.granted(session);
  }

  async #open(waiting: Waiting): Promise<void> {
    const abort = new AbortController();
    this.#connecting.set(waiting, abort);
    let connected: Connected;
    try {
      connected = await this.#openOne({ timeout: waiting.connectTimeout, signal: abort.signal });
    } catch (error) {
      this.#connecting.delete(waiting);
      if (!abort.signal.aborted) waiting.refused(connectFailure(error));
      this.#serve();
      return;
    }
    this.#connecting.delete(waiting);
    const session = new Session(connected, this);
    if (!abort.signal.aborted) {
      this.#grant(waiting, session);
    } else {
      this.#busy.add(session);
      session.destroy();
    }
  }

  // ── from the connections ──────────────────────────────────────────────────────────────────────

  sessionIdle(session: Session): void {
    const next = this.#next();
    if (next !== undefined) {
      next.granted(session);
      return;
    }
    const { keepAliveTimeout } = this.#settings;
    // A second less than the server says, so that a request does not meet its closing.
    const kept =
      session.promised === undefined ? keepAliveTimeout : Math.min(keepAliveTimeout, session.promised - 1000);
    if (this.#closing || kept <= 0) {
      session.destroy();
      return;
    }
    session.keptUntil = performance.now() + kept;
    this.#busy.delete(session);
    this.#idle.push(session);
    // Most are used again within the turn, and spared the way to rest and back: the client's row of the benchmark.
    this.#settling ??= setImmediate(() => this.#settle());
    this.#sweeper ??= setTimeout(() => this.#sweep(), kept).unref();
  }

  sessionGone(session: Session): void {
    if (!this.#busy.delete(session)) {
      const at = this.#idle.indexOf(session);
      if (at >= 0) this.#idle.splice(at, 1);
    }
    this.#serve();
  }

  #next(): Waiting | undefined {
    if (this.#queue.size === 0) return undefined;
    const [next] = this.#queue;
    this.#queue.delete(next as Waiting);
    return next;
  }

  /** A place is free: whoever waits longest gets a new connection. */
  #serve(): void {
    if (this.#queue.size > 0 && !this.#full) this.#open(this.#next() as Waiting);
    else this.#tellEmptied();
  }

  #settle(): void {
    this.#settling = undefined;
    for (const session of this.#idle) session.rest();
  }

  #sweep(): void {
    this.#sweeper = undefined;
    const now = performance.now();
    for (const session of this.#idle.filter((one) => one.keptUntil <= now)) session.destroy();
    const [oldest] = this.#idle;
    if (oldest !== undefined)
      this.#sweeper = setTimeout(() => this.#sweep(), Math.max(1, oldest.keptUntil - now)).unref();
  }

  #tellEmptied(): void {
    if (this.#deciding || !this.empty) return;
    clearTimeout(this.#sweeper);
    this.#sweeper = undefined;
    this.#emptied();
  }
}

function connectFailure(error: unknown): ClientError {
  if (error instanceof ClientError) return error;
  if (error instanceof ConnectError) return new ClientError(error.code, error.message, { cause: error });
  const why = error instanceof Error ? error.message : String(error);
  return new ClientError("CONNECT_FAILED", `Cannot connect: ${why}`, { cause: error });
}
