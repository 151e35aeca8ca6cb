// Opening connections: TCP to a name or an address, UNIX sockets, TLS over either, straight or through a station on
// the way. Knows no HTTP: that a TLS connection will carry it is said by the ALPN name only.

import { isIP, type LookupFunction, type Socket } from "node:net";
import { connect as openTls, TLSSocket } from "node:tls";
import { type PeerCertificate, peerCertificate } from "./certificate.ts";
import {
  type ConnectAddress,
  type ConnectError,
  explain,
  keyNotPinned,
  noAddressOf,
  type Step,
  timedOut,
} from "./connect-errors.ts";
import { isOfOtherFamily, openSocket } from "./open-socket.ts";
import { keepReadingAfterWriteError, OpenedTransport } from "./opened-transport.ts";
import { pinOf, pinsOf } from "./pinned-key.ts";
import { type TlsSettings, tlsOptions } from "./tls-settings.ts";
import type { Transport } from "./transport.ts";

export interface ConnectOptions {
  /** Milliseconds for all of it: name, connection, passage, TLS handshake. 0: as long as the system waits. */
  readonly timeout: number;
  /** Gives up when aborted; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Resolves names instead of the system, in the form of `dns.lookup`. */
  readonly lookup?: LookupFunction | undefined;
  /** Uses addresses of this family only: IPv4 or IPv6. Default: both. */
  readonly family?: 4 | 6 | undefined;
  /** For TLS with the server. */
  readonly tls?: TlsSettings | undefined;
  /** Connects to this first, and to the server over that connection. */
  readonly through?: Station | undefined;
}

/** What stands between: a proxy, or the socket of a program that passes bytes on. */
export interface Station {
  readonly address: ConnectAddress;
  /** For TLS with the station itself. */
  readonly tls?: TlsSettings | undefined;
  /** Asks the station to pass on what comes from now on; rejects when it does not. Undefined: it does so unasked. */
  readonly enter?: ((transport: Transport) => Promise<void>) | undefined;
}

export interface Connected {
  readonly transport: Transport;
  /** Milliseconds that each step took; undefined for a step that was not needed. `connect` includes the passage through a station. */
  readonly timing: {
    readonly dns: number | undefined;
    readonly connect: number;
    readonly tls: number | undefined;
  };
  /** Reads the server's certificate; undefined without TLS. */
  readonly certificate: (() => PeerCertificate) | undefined;
  /** Whether the connection keeps the process running: it does from the start. */
  ref(): void;
  unref(): void;
}

export type Connect = (where: ConnectAddress, options: ConnectOptions) => Promise<Connected>;

/**
 * Connects. A name with addresses of both families is tried with each in turn, 250 ms apart. Throws ConnectError,
 * the reason of `signal`, or what `through.enter` throws.
 */
export const connect: Connect = (where, options) =>
  new Promise<Connected>((resolve, reject) => {
    new Opening(where, options, resolve, reject).start();
  });

/**
 * One attempt, step by step:
 *
 *     lookup ─▶ connect ─┬──────────────────────▶ handshake ─▶ done
 *                        └─▶ handshake ─▶ passage ───┘          ▲
 *                            (with the station)      └──────────┘
 */
class Opening {
  readonly #where: ConnectAddress;
  readonly #options: ConnectOptions;
  readonly #resolve: (connected: Connected) => void;
  readonly #reject: (error: unknown) => void;
  /** Where the socket that is being opened leads to: the server, or first the station. */
  #to: ConnectAddress;
  #step: Step;
  #socket: Socket | undefined;
  /** Of TCP, or of a UNIX socket: below TLS, below the passage. */
  #carrier: Socket | undefined;
  /** The way to the station, which becomes the way to the server when no TLS is put upon it. */
  #passage: Transport | undefined;
  #timer: NodeJS.Timeout | undefined;
  #over = false;
  readonly #started: number = performance.now();
  #resolved: number = this.#started;
  #connected: number = this.#started;

  constructor(
    where: ConnectAddress,
    options: ConnectOptions,
    resolve: (connected: Connected) => void,
    reject: (error: unknown) => void,
  ) {
    this.#where = where;
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#to = options.through?.address ?? where;
    this.#step = "path" in this.#to || isIP(this.#to.host) !== 0 ? "connect" : "lookup";
  }

  start(): void {
    const { signal, timeout, tls, through, family } = this.#options;
    if (signal?.aborted) {
      this.#giveUp(signal.reason);
      return;
    }
    // A fault of the caller's own is told before anything is opened.
    if (tls?.pinnedKey !== undefined) pinsOf(tls.pinnedKey);
    if (through !== undefined && isSecure(this.#where)) tlsOptions("", "", tls ?? NO_SETTINGS);
    if (family !== undefined && isOfOtherFamily(this.#to, family)) {
      this.#giveUp(noAddressOf(family, this.#to, undefined));
      return;
    }
    const settings = through === undefined ? tls : through.tls;
    const socket = openSocket(this.#to, this.#options, settings ?? NO_SETTINGS);
    this.#carrier = socket;
    this.#watch(socket);
    socket.on("lookup", this.#onLookup).on("connect", this.#onConnect);
    if (timeout > 0) this.#timer = setTimeout(this.#onTimeout, timeout);
    signal?.addEventListener("abort", this.#onAbort);
  }

  #watch(socket: Socket): void {
    keepReadingAfterWriteError(socket);
    this.#socket = socket;
    socket.on("error", this.#onError);
    if (socket instanceof TLSSocket) socket.on("secureConnect", this.#onSecure);
  }

  readonly #onLookup = (): void => {
    // Told once for each address; the first one ends the waiting.
    if (this.#step !== "lookup") return;
    this.#step = "connect";
    this.#resolved = performance.now();
  };

  readonly #onConnect = (): void => {
    this.#connected = performance.now();
    if (isSecure(this.#to)) this.#step = "handshake";
    else this.#arrived();
  };

  readonly #onSecure = (): void => {
    const settings = this.#to === this.#where ? this.#options.tls : this.#options.through?.tls;
    if (settings?.pinnedKey !== undefined) {
      const key = (this.#socket as TLSSocket).getPeerX509Certificate()?.publicKey;
      const pin = key === undefined ? "none" : pinOf(key);
      if (!pinsOf(settings.pinnedKey).includes(pin)) {
        this.#giveUp(keyNotPinned(this.#to, pin));
        return;
      }
    }
    this.#arrived();
  };

  /** The socket stands: at the server, or at the station. */
  #arrived(): void {
    if (this.#to === this.#where) this.#done();
    else this.#pass();
  }

  async #pass(): Promise<void> {
    this.#step = "passage";
    this.#passage = this.#transport();
    try {
      await this.#options.through?.enter?.(this.#passage);
      if (!this.#over) this.#passed();
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** What is said from now on is said to the server. */
  #passed(): void {
    this.#connected = performance.now();
    this.#to = this.#where;
    if (!isSecure(this.#where)) {
      this.#done();
      return;
    }
    this.#step = "handshake";
    const outer = this.#socket as Socket;
    outer.off("error", this.#onError).off("secureConnect", this.#onSecure);
    const { host, name = host } = this.#where;
    this.#watch(openTls({ socket: outer, ...tlsOptions(name, host, this.#options.tls ?? NO_SETTINGS) }));
  }

  #done(): void {
    this.#leave();
    const socket = this.#socket as Socket;
    const ended = performance.now();
    // Asked for now: a socket that is gone does not know it any more.
    const shown = isSecure(this.#where) ? (socket as TLSSocket).getPeerX509Certificate() : undefined;
    const passage = isSecure(this.#where) ? undefined : this.#passage;
    this.#resolve({
      transport: passage ?? this.#transport(),
      timing: {
        dns: this.#resolved === this.#started ? undefined : this.#resolved - this.#started,
        connect: this.#connected - this.#resolved,
        tls: isSecure(this.#where) ? ended - this.#connected : undefined,
      },
      certificate: shown === undefined ? undefined : () => peerCertificate(shown),
      ref: () => void this.#carrier?.ref(),
      unref: () => void this.#carrier?.unref(),
    });
  }

  #transport(): Transport {
    const first = this.#options.through?.address ?? this.#where;
    const carrier = this.#carrier as Socket;
    return new OpenedTransport(this.#socket as Socket, "path" in first ? first.path : undefined, carrier);
  }

  readonly #onError = (error: Error): void => this.#giveUp(this.#explained(error));
  readonly #onTimeout = (): void => this.#giveUp(timedOut(this.#to, this.#step, this.#options.timeout));
  readonly #onAbort = (): void => this.#giveUp(this.#options.signal?.reason);

  #explained(error: NodeJS.ErrnoException): ConnectError {
    const { family } = this.#options;
    if (family !== undefined && error.code === "ENOTFOUND") return noAddressOf(family, this.#to, error);
    return explain(error, this.#to, this.#step);
  }

  #giveUp(error: unknown): void {
    if (this.#over) return;
    this.#leave();
    // What a socket that was given up says later is nobody's business.
    this.#socket?.on("error", ignore).destroy();
    this.#carrier?.on("error", ignore).destroy();
    this.#reject(error);
  }

  #leave(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.#carrier?.off("lookup", this.#onLookup).off("connect", this.#onConnect);
    this.#socket?.off("error", this.#onError).off("secureConnect", this.#onSecure);
  }
}

const NO_SETTINGS: TlsSettings = {};

function ignore(): void {}

function isSecure(where: ConnectAddress): where is Exclude<ConnectAddress, { path: string }> {
  return !("path" in where) && where.tls === true;
}
