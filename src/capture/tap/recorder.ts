// Between the sockets, which must not wait, and the file, which takes its time: packets are written into pages of memory,
// and pages that are full, or old, are handed to the sink one after the other. When all pages wait for the sink, packets
// are dropped and counted.

import { writeBlock } from "../pcapng/writer.ts";
import type { TapClock } from "./clock.ts";
import type { PacketTaker, RarePacket } from "./connection.ts";
import type { TapCounts } from "./frame.ts";
import type { Filling, Page, SegmentForm } from "./segment-form.ts";

/** Where a capture goes. Calls never overlap. */
export interface CaptureSink {
  /** Is ready when it resolves, with everything written that stands before the packets; rejects when it cannot take any. */
  open(): Promise<void>;
  /** Takes whole blocks, which stay as they are until it resolves. Rejects when it cannot take more; then it is only closed. */
  write(blocks: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface RecorderSettings {
  readonly sink: CaptureSink;
  readonly clock: TapClock;
  /** The process id that packets bear. */
  readonly process: number;
  /** Bytes of memory for what waits to be written, in steps of a page of 256 KiB, two of which it takes at least. */
  readonly maxQueue: number;
  /** The blocks that tell of what was dropped so far. */
  readonly statistics: () => Uint8Array;
  /** Told once, when the sink takes no more. */
  readonly onStopped: (error: Error) => void;
}

/** Bytes written at once; the largest packet fits in several times. */
const PAGE = 262_144;
/** Milliseconds that a packet waits at most for others to be written with. */
const DELAY = 100;

/** A page that is being filled. */
interface OpenPage extends Page {
  used: number;
}

type State = "open" | "closing" | "stopped";

export class Recorder implements PacketTaker {
  readonly #settings: RecorderSettings;
  readonly #clock: TapClock;
  /** The origin of the clock, in words. */
  readonly #originHigh: number;
  readonly #originLow: number;
  readonly #mostPages: number;
  #state: State = "open";
  #page: OpenPage | undefined;
  /** Pages that wait for the sink. */
  #waiting = 0;
  readonly #free: Page[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Whether the page that is being filled is old enough to go. */
  #due = false;
  #written: Promise<void> = Promise.resolve();
  #closed: Promise<void> | undefined;
  #packets = 0;
  #droppedPackets = 0;
  #droppedBytes = 0;
  /** Packets dropped when the file was told last. */
  #droppedTold = 0;

  /** The sink must be open. */
  constructor(settings: RecorderSettings) {
    this.#settings = settings;
    this.#clock = settings.clock;
    this.#originHigh = Number(settings.clock.origin >> 32n);
    this.#originLow = Number(settings.clock.origin & 0xffffffffn);
    this.#mostPages = Math.max(2, Math.floor(settings.maxQueue / PAGE));
  }

  get counts(): TapCounts {
    return {
      packets: this.#packets,
      droppedPackets: this.#droppedPackets,
      droppedBytes: this.#droppedBytes,
    };
  }

  /** Whether packets are still taken. */
  get recording(): boolean {
    return this.#state === "open";
  }

  now(): number {
    return this.#clock.now();
  }

  fill(form: SegmentForm, time: number, filling: Filling): void {
    const size = form.sizeWith(filling.payload.length);
    const page = this.#room(size, filling.payload.length);
    if (page === undefined) return;
    // Up to 2^53 the sum is exact: more than a hundred days.
    const low = this.#originLow + time;
    form.put(page, page.used, this.#originHigh + Math.floor(low / 2 ** 32), low >>> 0, filling);
    page.used += size;
    this.#packets++;
  }

  packet({ time, bytes, direction, comments }: RarePacket): void {
    const block = writeBlock({
      type: "packet",
      interface: 0,
      time: this.#clock.origin + BigInt(time),
      bytes,
      direction,
      process: { process: this.#settings.process, thread: 0 },
      comments,
    });
    const page = this.#room(block.length, 0);
    if (page === undefined) return;
    put(page, block);
    this.#packets++;
  }

  /** Writes blocks that are no packets; false when there is no room for them. */
  block(bytes: Uint8Array): boolean {
    const page = this.#state === "open" ? this.#pageFor(bytes.length) : undefined;
    if (page === undefined) return false;
    put(page, bytes);
    return true;
  }

  /** Resolves when everything so far was written, or is lost. */
  flush(): Promise<void> {
    this.#seal();
    return this.#written;
  }

  /** Takes no more packets, writes what waits, and closes the sink. A failure is told to `onStopped`. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#tellDropped();
    const written = this.flush();
    if (this.#state === "open") this.#state = "closing";
    await written;
    if (this.#state === "closing") await this.#settings.sink.close().catch(this.#settings.onStopped);
  }

  /** A page with room for a packet; without one, the packet is counted as dropped. */
  #room(size: number, payload: number): OpenPage | undefined {
    if (this.#state !== "open") return undefined;
    let page = this.#pageFor(size);
    if (page !== undefined && this.#droppedTold !== this.#droppedPackets) {
      this.#tellDropped();
      page = this.#pageFor(size);
    }
    if (page !== undefined) return page;
    this.#droppedPackets++;
    this.#droppedBytes += payload;
    return undefined;
  }

  /** Writes down where packets are missing, as soon as there is room. */
  #tellDropped(): void {
    if (this.#droppedTold === this.#droppedPackets) return;
    if (this.block(this.#settings.statistics())) this.#droppedTold = this.#droppedPackets;
  }

  #pageFor(size: number): OpenPage | undefined {
    const page = this.#page;
    if (page !== undefined && page.used + size <= PAGE) return page;
    if (page !== undefined) this.#seal();
    if (this.#waiting >= this.#mostPages) return undefined;
    this.#clock.correct();
    this.#page = { ...(this.#free.pop() ?? newPage()), used: 0 };
    this.#timer ??= setTimeout(() => this.#grownOld(), DELAY).unref();
    return this.#page;
  }

  /** While the sink is busy, the page goes on being filled: half-empty ones would use up the queue. */
  #grownOld(): void {
    this.#timer = undefined;
    if (this.#waiting === 0) this.#seal();
    else this.#due = true;
  }

  /** The page that is being filled goes to the sink. */
  #seal(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due = false;
    const page = this.#page;
    if (page === undefined) return;
    this.#page = undefined;
    this.#waiting++;
    this.#written = this.#written.then(() => this.#write(page));
  }

  async #write({ bytes, view, used }: OpenPage): Promise<void> {
    try {
      if (this.#state !== "stopped") await this.#settings.sink.write(bytes.subarray(0, used));
    } catch (error) {
      await this.#stop(error as Error);
    }
    this.#waiting--;
    if (this.#due && this.#waiting === 0) this.#seal();
    if (this.#free.length < SPARE_PAGES) this.#free.push({ bytes, view });
  }

  async #stop(error: Error): Promise<void> {
    this.#state = "stopped";
    clearTimeout(this.#timer);
    this.#page = undefined;
    // Why it takes no more is known; that it cannot be closed either is no news.
    await this.#settings.sink.close().catch(() => undefined);
    this.#settings.onStopped(error);
  }
}

/** Pages kept for use again: making one costs as much as filling it. */
const SPARE_PAGES = 4;

function newPage(): Page {
  const bytes = Buffer.allocUnsafeSlow(PAGE);
  return { bytes, view: new DataView(bytes.buffer) };
}

function put(page: OpenPage, block: Uint8Array): void {
  page.bytes.set(block, page.used);
  page.used += block.length;
}
