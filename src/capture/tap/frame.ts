// What stands in a capture file of ours around the packets: the section and the interface before them, names of
// addresses, and at the end what was counted.

import { release, type as system } from "node:os";
import { LINK_RAW } from "../link.ts";
import type { Instant } from "../model.ts";
import type { NameEntry } from "../pcapng/blocks.ts";
import { writeBlock } from "../pcapng/writer.ts";

/** Counts from the beginning of the capture. */
export interface TapCounts {
  /** Packets handed over to be written. */
  readonly packets: number;
  /** Packets that found the queue full, and the bytes that they would have carried. */
  readonly droppedPackets: number;
  readonly droppedBytes: number;
}

/** What every file of a capture begins and ends with, as bytes of whole blocks. */
export interface CaptureFrame {
  /** Asked for at the beginning of each file. */
  prologue(): Uint8Array;
  /** Asked for at the end of each file. */
  epilogue(): Uint8Array;
}

const RECONSTRUCTED =
  "Reconstructed from the sockets' bytes, not captured from a network: retransmissions, windows, options, and the times " +
  "of the handshake and of bare acknowledgements cannot be known. Packets that were not observed as such say so.";

/** Names kept for the beginnings of further files; a server that meets more does not name the rest again. */
const MOST_NAMES = 1000;

export class TapFrame implements CaptureFrame {
  readonly #application: string;
  readonly #now: () => Instant;
  readonly #counts: () => TapCounts;
  readonly #started: Instant;
  readonly #names = new Map<string, Set<string>>();

  constructor(application: string, now: () => Instant, counts: () => TapCounts) {
    this.#application = application;
    this.#now = now;
    this.#counts = counts;
    this.#started = now();
  }

  prologue(): Uint8Array {
    const os = `${system()} ${release()}`;
    const blocks = [
      writeBlock({ type: "section", os, application: this.#application, comments: [RECONSTRUCTED] }),
      writeBlock({
        type: "interface",
        linkType: LINK_RAW,
        snapLength: 0,
        name: "tap",
        description: "The program's own sockets",
        os,
      }),
    ];
    const entries: NameEntry[] = [];
    for (const [address, names] of this.#names) entries.push({ address, names: [...names] });
    if (entries.length > 0) blocks.push(writeBlock({ type: "names", entries }));
    return Buffer.concat(blocks);
  }

  epilogue(): Uint8Array {
    return this.statistics();
  }

  /** What was counted so far. A comment says what was dropped. */
  statistics(): Uint8Array {
    const { packets, droppedPackets, droppedBytes } = this.#counts();
    const time = this.#now();
    return writeBlock({
      type: "statistics",
      interface: 0,
      time,
      startedAt: this.#started,
      endedAt: time,
      received: BigInt(packets + droppedPackets),
      droppedByInterface: BigInt(droppedPackets),
      delivered: BigInt(packets),
      ...(droppedPackets === 0 ? {} : { comments: [droppedText(droppedPackets, droppedBytes)] }),
    });
  }

  /** A block that names an address; undefined when that is known already, or no name at all. */
  name(address: string, name: string): Uint8Array | undefined {
    const known = this.#names.get(address);
    if (name === "" || name === address || name.includes("\0") || known?.has(name)) return undefined;
    if (this.#names.size >= MOST_NAMES && known === undefined) return undefined;
    this.#names.set(address, (known ?? new Set()).add(name));
    return writeBlock({ type: "names", entries: [{ address, names: [name] }] });
  }
}

function droppedText(packets: number, bytes: number): string {
  return `${packets} packets with ${bytes} bytes of data were dropped so far: they came faster than they could be written`;
}
