// A capture of our own sockets, which takes no privilege: transports go in, and come out observed.

import type { Connect, Connected, ConnectOptions, Station } from "../../net/connect.ts";
import type { ConnectAddress } from "../../net/connect-errors.ts";
import type { Transport } from "../../net/transport.ts";
import { systemClock, type TapClock } from "./clock.ts";
import { TapConnection } from "./connection.ts";
import { type CaptureFrame, type TapCounts, TapFrame } from "./frame.ts";
import { type ObservedTransport, observed, type TransportObserver } from "./observed.ts";
import { Paths } from "./path.ts";
import { type CaptureSink, Recorder } from "./recorder.ts";

export interface TapOptions {
  /** Makes the sink; what the frame gives is for it to write, at the beginning and the end of each file. */
  readonly sink: (frame: CaptureFrame) => CaptureSink;
  /** The program that captures, for the file: "Sockeye 1.0.0". */
  readonly application: string;
  /** Told once, when the sink takes no more: the capture has ended, and connections go on as they were. */
  readonly onStopped: (error: Error) => void;
  /** Bytes of memory for what waits to be written. Default 64 MiB: a body that is written in one piece should find room. */
  readonly maxQueue?: number | undefined;
  /** Bytes of payload in a segment at most. Default: 65,495 (IPv6: 65,475) on loopback, 1,460 (1,440) elsewhere. */
  readonly segmentSize?: number | undefined;
  /** Numbers of 32 bits, with which sequences begin. Default: random ones, so that connections of the same ports are told apart. */
  readonly initialSequence?: (() => number) | undefined;
  readonly clock?: TapClock | undefined;
  /** Default: this process's id. */
  readonly process?: number | undefined;
}

export interface Observing {
  readonly role: "server" | "client";
  /** What TLS encrypts: it is shown as it was before. Default false. */
  readonly tls?: boolean | undefined;
  /** The name by which the other side was found. */
  readonly remoteName?: string | undefined;
}

const DEFAULT_QUEUE = 64 * 1024 * 1024;

/** Begins a capture: the sink is open when it resolves. Rejects with what the sink's `open` throws. */
export async function startTap(options: TapOptions): Promise<Tap> {
  const clock = options.clock ?? systemClock();
  const counts = (): TapCounts => recorder.counts;
  const frame = new TapFrame(options.application, () => clock.origin + BigInt(clock.now()), counts);
  const sink = options.sink(frame);
  const recorder = new Recorder({
    sink,
    clock,
    process: options.process ?? process.pid,
    maxQueue: options.maxQueue ?? DEFAULT_QUEUE,
    statistics: () => frame.statistics(),
    onStopped: options.onStopped,
  });
  await sink.open();
  return new Tap(options, recorder, frame);
}

export class Tap {
  readonly #recorder: Recorder;
  readonly #frame: TapFrame;
  readonly #paths: Paths;
  readonly #process: number;
  readonly #initialSequence: () => number;

  constructor(options: TapOptions, recorder: Recorder, frame: TapFrame) {
    this.#recorder = recorder;
    this.#frame = frame;
    this.#paths = new Paths(options.segmentSize);
    this.#process = options.process ?? process.pid;
    this.#initialSequence = options.initialSequence ?? randomSequence;
  }

  get counts(): TapCounts {
    return this.#recorder.counts;
  }

  /** Whether it still records: not after `close`, nor when the sink takes no more. */
  get recording(): boolean {
    return this.#recorder.recording;
  }

  /** Observes a connection from here on, which must just have been made, and gives the transport to use instead. */
  observe(transport: Transport, about: Observing): Transport {
    if (!this.recording) return transport;
    return observed(transport, this.#connection(transport, about));
  }

  /** Observes all connections that are opened by it. */
  connecting(connect: Connect): Connect {
    return async (where, options) => {
      if (!this.recording) return connect(where, options);
      const { through } = options;
      if (through?.enter === undefined)
        return this.#observeConnected(await connect(where, options), where, through);
      return this.#connectThrough(connect, where, options, { ...through, enter: through.enter });
    };
  }

  /** Resolves when everything so far was written, or is lost. */
  flush(): Promise<void> {
    return this.#recorder.flush();
  }

  /** Ends the capture in order. Connections go on unobserved. */
  close(): Promise<void> {
    return this.#recorder.close();
  }

  #observeConnected(connected: Connected, where: ConnectAddress, through: Station | undefined): Connected {
    const { transport, certificate } = connected;
    const tls = certificate !== undefined;
    const about = { role: "client", tls, remoteName: nameOf(through?.address ?? where) } as const;
    return { ...connected, transport: this.observe(transport, about) };
  }

  /** A station is asked for the passage over the same connection, which is observed from then on. */
  async #connectThrough(
    connect: Connect,
    where: ConnectAddress,
    options: ConnectOptions,
    station: Station & { readonly enter: (transport: Transport) => Promise<void> },
  ): Promise<Connected> {
    let first: { inner: Transport; outer: ObservedTransport; observer: TransportObserver } | undefined;
    const enter = (inner: Transport): Promise<void> => {
      const about = {
        role: "client",
        tls: isSecure(station.address) || isSecure(where),
        remoteName: nameOf(station.address),
      } as const;
      const observer = this.#connection(inner, about);
      const outer = observed(inner, observer);
      first = { inner, outer, observer };
      return station.enter(outer);
    };
    const connected = await connect(where, { ...options, through: { ...station, enter } });
    if (first === undefined) return this.#observeConnected(connected, where, station);
    const { inner, outer, observer } = first;
    if (connected.transport === inner) return { ...connected, transport: outer };
    // TLS with the server lies upon it now: what the lower one would tell is encrypted.
    outer.release();
    return { ...connected, transport: observed(connected.transport, observer) };
  }

  #connection(transport: Transport, { role, tls = false, remoteName = "" }: Observing): TransportObserver {
    const path = this.#paths.between(transport.local, transport.remote, role === "server");
    const server = role === "server" ? path.local : path.remote;
    this.#name(path.remote.address, remoteName);
    if (path.socket !== undefined) this.#name(server.address, path.socket);
    return new TapConnection(
      { role, path, tls, process: this.#process, initialSequence: this.#initialSequence },
      this.#recorder,
    );
  }

  #name(address: string, name: string): void {
    const block = this.#frame.name(address, name);
    if (block !== undefined) this.#recorder.block(block);
  }
}

function randomSequence(): number {
  return Math.floor(Math.random() * 2 ** 32);
}

function isSecure(where: ConnectAddress): boolean {
  return !("path" in where) && where.tls === true;
}

function nameOf(where: ConnectAddress): string {
  return "path" in where ? "" : where.host;
}
