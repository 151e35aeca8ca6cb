// The client: connections by origin and by how they are made, and one call for each request.

import { connect } from "../net/connect.ts";
import { Call, type CallHost } from "./call.ts";
import { type Open, PLAIN, type Way } from "./connecting.ts";
import { ClientError } from "./errors.ts";
import {
  type ClientOptions,
  type ClientSettings,
  clientSettings,
  type RequestOptions,
  type Timeouts,
} from "./options.ts";
import { Pool } from "./pool.ts";
import type { ClientResponse } from "./response.ts";
import type { HttpUrl } from "./url.ts";

/**
 * Makes requests, and keeps connections for further ones. An unused connection does not keep the process running.
 * Requests are not pipelined: each has a connection to itself until its answer was read.
 */
export class Client {
  readonly #settings: ClientSettings;
  readonly #host: CallHost;
  readonly #connect: typeof connect;
  readonly #pools = new Map<string, Pool>();
  /** Calls whose answers have not come to their end. */
  #calls = 0;
  #closing = false;
  #closed: (() => void)[] = [];

  constructor(options: ClientOptions = {}) {
    this.#settings = clientSettings(options);
    this.#connect = options.connect ?? connect;
    this.#host = {
      timeouts: this.#settings satisfies Timeouts,
      pool: (url, socketPath, way) => this.#pool(url, socketPath, way),
      callEnded: () => {
        this.#calls--;
        this.#tellClosed();
      },
    };
  }

  /**
   * Makes a request, and resolves when the head of the final answer is there, whatever its status. An idempotent
   * request whose kept connection broke before a byte of the answer came is made once more on another one.
   * Rejects with ClientError.
   */
  request(url: string | URL, options: RequestOptions = NO_OPTIONS): Promise<ClientResponse> {
    return new Promise((resolve, reject) => {
      if (this.#closing)
        throw new ClientError("CLIENT_CLOSED", "Cannot make this request: the client was closed");
      const call = new Call(this.#host, url, options, { resolve, reject });
      this.#calls++;
      call.start();
    });
  }

  /** Takes no further requests, closes what is unused, and resolves when those that run have ended: their bodies read, or discarded. */
  close(): Promise<void> {
    this.#closing = true;
    for (const pool of [...this.#pools.values()]) pool.close();
    return new Promise((resolve) => {
      this.#closed.push(resolve);
      this.#tellClosed();
    });
  }

  /** Breaks off everything that runs: `CLIENT_CLOSED`. */
  destroy(): Promise<void> {
    const closed = this.close();
    for (const pool of [...this.#pools.values()]) pool.destroy();
    return closed;
  }

  #pool(url: HttpUrl, socketPath: string | undefined, way: Way | undefined): Pool {
    const key =
      socketPath === undefined && way === undefined
        ? url.origin
        : `${url.origin} ${way?.key ?? ""} ${socketPath ?? ""}`;
    let pool = this.#pools.get(key);
    if (pool === undefined) {
      pool = new Pool(this.#opener(url, socketPath, way), this.#settings, () => this.#emptied(key));
      this.#pools.set(key, pool);
      if (this.#closing) pool.close();
    }
    return pool;
  }

  #opener(url: HttpUrl, socketPath: string | undefined, way: Way | undefined): Open {
    const open = this.#connect;
    if (socketPath !== undefined || way !== undefined)
      return (way ?? PLAIN).opener(url, socketPath, open, this.#settings.limits);
    const where = { host: url.host, port: url.port, tls: url.scheme === "https" };
    return (options) => open(where, options);
  }

  #emptied(key: string): void {
    this.#pools.delete(key);
    this.#tellClosed();
  }

  #tellClosed(): void {
    if (!this.#closing || this.#pools.size > 0 || this.#calls > 0) return;
    const closed = this.#closed;
    this.#closed = [];
    for (const tell of closed) tell();
  }
}

const NO_OPTIONS: RequestOptions = {};

let shared: Client | undefined;

/** Makes a request with a client that all callers of this function share. See `Client.request`. */
export function request(url: string | URL, options?: RequestOptions): Promise<ClientResponse> {
  shared ??= new Client();
  return shared.request(url, options);
}
