// Connections out of packets. It keeps what it takes to go on, and not what it has given: that is for whoever wants it.

import type { TcpPacket } from "../decode.ts";
import type { Endpoint } from "../model.ts";
import type { ConnectionEvent } from "./events.ts";
import { TrackedConnection } from "./tracked-connection.ts";

export interface TrackerOptions {
  /** Connections that are looked at at once. The one that was quiet for the longest is left when there are more. Default 10,000. */
  readonly maxConnections?: number;
  /** Bytes of one stream that wait for others before them, before those are given up. Default 4 MiB. */
  readonly maxWaiting?: number;
  /** Bytes of one stream that are kept to compare repeated ones with. Default 256 KiB. */
  readonly maxCompared?: number;
}

export class ConnectionTracker {
  readonly #maxConnections: number;
  readonly #limits: { readonly maxWaiting: number; readonly maxCompared: number };
  /** By their endpoints; who was heard of last is the last one. */
  readonly #connections = new Map<string, TrackedConnection>();
  #nextId = 0;
  #time: bigint | undefined;

  constructor(options: TrackerOptions = {}) {
    const { maxConnections = 10_000, maxWaiting = 4 * 1024 * 1024, maxCompared = 256 * 1024 } = options;
    this.#maxConnections = maxConnections;
    this.#limits = { maxWaiting, maxCompared };
  }

  /** Takes the next packet and tells what it has changed. Never throws for what a packet holds. */
  add(packet: TcpPacket): ConnectionEvent[] {
    return [...this.#add(packet)];
  }

  /** The capture has ended: tells what is left of all connections. */
  finish(): ConnectionEvent[] {
    const events = [...this.#connections.values()].flatMap((connection) => [...connection.leave(this.#time)]);
    this.#connections.clear();
    return events;
  }

  *#add(packet: TcpPacket): Generator<ConnectionEvent> {
    this.#time = packet.packet.time ?? this.#time;
    const key = keyOf(packet.source, packet.destination);
    let connection = this.#connections.get(key);
    if (connection?.isReplacedBy(packet)) {
      yield* connection.leave(this.#time);
      connection = undefined;
    }
    this.#connections.delete(key);
    if (connection === undefined) {
      yield* this.#makeRoom();
      connection = new TrackedConnection(this.#nextId++, packet.source, packet.destination, this.#limits);
      this.#connections.set(key, connection);
      yield { type: "opened", connection };
    } else {
      this.#connections.set(key, connection);
    }
    yield* connection.take(packet);
  }

  *#makeRoom(): Generator<ConnectionEvent> {
    for (const [key, connection] of this.#connections) {
      if (this.#connections.size < this.#maxConnections) return;
      this.#connections.delete(key);
      yield* connection.leave(this.#time);
    }
  }
}

/** The same for both directions. */
function keyOf(one: Endpoint, two: Endpoint): string {
  const first = `${one.address} ${one.port}`;
  const second = `${two.address} ${two.port}`;
  return first < second ? `${first} ${second}` : `${second} ${first}`;
}
