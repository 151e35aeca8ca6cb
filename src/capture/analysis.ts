// A capture from its packets to its exchanges, with everything kept that a view of it needs.

import { decodePacket } from "./decode.ts";
import type { Fault } from "./fault.ts";
import { type ExchangeEvent, ExchangeReader } from "./messages/exchange-reader.ts";
import type { Connection, Exchange, Packet, StreamNote } from "./model.ts";
import type { ConnectionEvent } from "./reassembly/events.ts";
import { ConnectionHistory, type HistoryOptions } from "./reassembly/history.ts";
import { ConnectionTracker, type TrackerOptions } from "./reassembly/tracker.ts";

/** A packet that could not be opened. */
export interface PacketFault {
  readonly packet: number;
  readonly fault: Fault;
}

export interface ConnectionNote {
  readonly connection: Connection;
  readonly note: StreamNote;
}

export interface AnalysisOptions extends TrackerOptions, HistoryOptions {
  /** Exchanges that are kept, as well as notes and faults; the oldest are forgotten. Default 100,000. */
  readonly maxKept?: number;
}

/** What a packet has changed. */
export interface Change {
  readonly connections: readonly ConnectionEvent[];
  readonly exchanges: readonly ExchangeEvent[];
}

export class CaptureAnalysis {
  readonly #tracker: ConnectionTracker;
  readonly history: ConnectionHistory;
  readonly #readers = new Map<Connection, ExchangeReader>();
  readonly #exchanges = new Set<Exchange>();
  readonly #lastForgotten = new WeakMap<Connection, number>();
  readonly #notes: ConnectionNote[] = [];
  readonly #faults: PacketFault[] = [];
  readonly #maxKept: number;
  #others = 0;
  #forgotten = 0;

  constructor(options: AnalysisOptions = {}) {
    this.#maxKept = options.maxKept ?? 100_000;
    this.#tracker = new ConnectionTracker(options);
    this.history = new ConnectionHistory(options);
  }

  /** In the order of their beginnings. */
  get exchanges(): Exchange[] {
    return [...this.#exchanges];
  }

  /** How many exchanges were forgotten. */
  get forgotten(): number {
    return this.#forgotten;
  }

  get notes(): readonly ConnectionNote[] {
    return this.#notes;
  }

  get faults(): readonly PacketFault[] {
    return this.#faults;
  }

  /** How many packets carried something else than TCP. */
  get others(): number {
    return this.#others;
  }

  add(packet: Packet): Change {
    const opened = decodePacket(packet);
    switch (opened.kind) {
      case "tcp":
        return this.#take(this.#tracker.add(opened));
      case "other":
        this.#others++;
        return NO_CHANGE;
      case "fault":
        this.#faults.push({ packet: packet.index, fault: opened });
        if (this.#faults.length > this.#maxKept) this.#faults.shift();
        return NO_CHANGE;
    }
  }

  /** The capture has ended. */
  finish(): Change {
    return this.#take(this.#tracker.finish());
  }

  #take(connections: readonly ConnectionEvent[]): Change {
    const exchanges: ExchangeEvent[] = [];
    for (const event of connections) {
      const { connection } = event;
      this.history.take(event);
      if (event.type === "opened") this.#readers.set(connection, new ExchangeReader(connection));
      exchanges.push(...(this.#readers.get(connection)?.take(event) ?? []));
      if (event.type === "closed") this.#readers.delete(connection);
    }
    for (const event of exchanges) this.#keep(event);
    return { connections, exchanges };
  }

  #keep(event: ExchangeEvent): void {
    if (event.type === "note") {
      this.#notes.push({ connection: event.connection, note: event.note });
      if (this.#notes.length > this.#maxKept) this.#notes.shift();
      return;
    }
    // One that was forgotten must not come back with its end.
    if (event.exchange.number <= (this.#lastForgotten.get(event.exchange.connection) ?? -1)) return;
    this.#exchanges.add(event.exchange);
    if (this.#exchanges.size > this.#maxKept) this.#forgetFirst();
  }

  #forgetFirst(): void {
    for (const exchange of this.#exchanges) {
      this.#exchanges.delete(exchange);
      this.#lastForgotten.set(exchange.connection, exchange.number);
      this.#forgotten++;
      return;
    }
  }
}

const NO_CHANGE: Change = { connections: [], exchanges: [] };
