// A file in the making: a temporary one beside its target, which takes the target's place when it is whole.
//
//   empty ─┐
//          ├─ write ── seal: stamp, fsync ── commit: rename ── close
//   copy ──┘    │              │                │
//               └──────────────┴────────────────┴── discard: unlink ── close

import { constants } from "node:fs";
import type { Content, FileInfo } from "../tree.ts";
import { closeNow, fchmod, fsync, open, read, rename, type Stats, unlink, write } from "./calls.ts";
import { batchesOf } from "./content.ts";
import { Refusal } from "./faults.ts";
import type { Place } from "./paths.ts";
import { copyToTemporary, createTemporary } from "./temporary.ts";
import { fileInfoOf, stamp } from "./versions.ts";

const PERMISSIONS = 0o777;
const NEW_FILE = 0o666;

const CHUNK_BYTES = 256 * 1024;

export class Draft {
  readonly place: Place;
  readonly #file: string;
  readonly #fd: number;
  #length: number;
  #stats: Stats | undefined;

  private constructor(place: Place, file: string, fd: number, length: number) {
    this.place = place;
    this.#file = file;
    this.#fd = fd;
    this.#length = length;
  }

  /** Begins with nothing in it, and the permissions of the file that it shall replace. */
  static async empty(place: Place): Promise<Draft> {
    const mode = place.found === undefined ? NEW_FILE : Number(place.found.mode) & PERMISSIONS;
    const [file, fd] = await createTemporary(place.folder, mode, place.madeFolders ?? 0);
    return new Draft(place, file, fd, 0);
  }

  /** Begins as a copy of the file that is there. */
  static async copy(place: Place, current: Stats): Promise<Draft> {
    const file = await copyToTemporary(place.file, place.folder);
    try {
      return new Draft(place, file, await open(file, constants.O_RDWR), Number(current.size));
    } catch (error) {
      await unlink(file);
      throw error;
    }
  }

  /** Gives what has been written so far, in chunks that share one memory. */
  async *content(): AsyncGenerator<Uint8Array, void, void> {
    const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    for (let at = 0; at < this.#length; ) {
      const length = await read(this.#fd, buffer, at);
      if (length === 0) throw new Refusal("TRUNCATED", "another program has changed a temporary file");
      at += length;
      yield buffer.subarray(0, length);
    }
  }

  async write(content: Content): Promise<void> {
    for await (const batch of batchesOf(content)) {
      await write(this.#fd, batch, this.#length);
      this.#length += batch.length;
    }
  }

  /** Makes the content durable. The name is not yet. */
  async seal(): Promise<void> {
    const { found } = this.place;
    this.#stats = await stamp(this.#fd, found?.mtimeNs);
    // The mask of the process took bits away which the old file has.
    if (found !== undefined && ((found.mode ^ this.#stats.mode) & BigInt(PERMISSIONS)) !== 0n) {
      await fchmod(this.#fd, Number(found.mode) & PERMISSIONS);
    }
    await fsync(this.#fd);
  }

  /** Takes the place of `current`, which is there now. To be called under the lock of the place. */
  async commit(current: Stats | undefined): Promise<FileInfo> {
    let stats = this.#stats;
    if (stats === undefined || (current !== undefined && stats.mtimeNs <= current.mtimeNs)) {
      // Another write came first and has the later time. No second fsync: should the machine fail now, the
      // content is whole all the same, and has a version that nobody has seen.
      stats = await stamp(this.#fd, current?.mtimeNs);
    }
    await rename(this.#file, this.place.file);
    return fileInfoOf(stats);
  }

  close(): void {
    closeNow(this.#fd);
  }

  async discard(): Promise<void> {
    try {
      await unlink(this.#file);
    } catch {
      // What made us give up matters more. The next start sweeps the file away.
    }
  }
}
