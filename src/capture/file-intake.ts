// The bytes of a capture file on their way to a reader: what is there, where it stands in the file, and how it ends.

import { Inbox } from "../protocol/inbox.ts";
import { DEFAULT_MAX_BLOCK, damaged, type FileFault, type ReaderLimits } from "./records.ts";

export class FileIntake {
  /** Bytes that one block or packet may have. */
  readonly maxBlock: number;
  readonly #inbox = new Inbox();
  #offset = 0;
  #ended = false;
  #failed = false;

  constructor({ maxBlock = DEFAULT_MAX_BLOCK }: ReaderLimits) {
    this.maxBlock = maxBlock || Number.POSITIVE_INFINITY;
  }

  /** Bytes that wait. */
  get length(): number {
    return this.#inbox.length;
  }

  /** Where they begin in the file. */
  get offset(): number {
    return this.#offset;
  }

  /** Whether nothing more is read. */
  get failed(): boolean {
    return this.#failed;
  }

  push(bytes: Uint8Array): void {
    if (!this.#failed && bytes.length > 0) this.#inbox.push(bytes);
  }

  end(): void {
    this.#ended = true;
  }

  /** The bytes that wait, without taking them: they begin at `start`. */
  look(): { readonly bytes: Uint8Array; readonly start: number } {
    return this.#inbox;
  }

  take(length: number): Uint8Array {
    this.#offset += length;
    return this.#inbox.take(length);
  }

  /** More bytes are needed; when none will come, that is a fault. */
  wait(what: string): FileFault | undefined {
    if (!this.#ended) return undefined;
    return damaged(
      "CUT_SHORT",
      this.#offset,
      `Cannot read ${what}: the file ends ${this.length} bytes after its beginning`,
    );
  }

  /** After a fault nothing is read any more: what still waits is let go, and what comes is not kept. */
  fail(): void {
    this.#failed = true;
    this.#inbox.skip(this.#inbox.length);
  }
}
