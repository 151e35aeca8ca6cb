// An open file, read from the page cache to the socket with as little as possible between the two.

import { constants } from "node:fs";
import type { FileInfo, OpenFile, TreePath } from "../tree.ts";
import { BufferPair } from "./buffers.ts";
import { close, fstat, lstat, open, read } from "./calls.ts";
import { Refusal, toStoreError } from "./faults.ts";
import { fileOnly } from "./paths.ts";
import { fileInfoOf } from "./versions.ts";

// A FIFO that takes the file's place between look and open must not make open() wait; nor a link lead it away.
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** Opens the file at a real path. Errors: IS_FOLDER, NOT_A_FILE; ENOENT when it has vanished. */
export async function openToRead(path: TreePath, file: string): Promise<OpenFile> {
  // A device must not even be opened: that alone can do something. So look first, and again afterwards.
  fileOnly(await lstat(file));
  const fd = await open(file, READ);
  try {
    const stats = await fstat(fd);
    fileOnly(stats);
    return new FolderFile(path, fd, fileInfoOf(stats));
  } catch (error) {
    await close(fd);
    throw error;
  }
}

class FolderFile implements OpenFile {
  readonly info: FileInfo;
  readonly #path: TreePath;
  readonly #fd: number;
  #running = 0;
  #closed: Promise<void> | undefined;
  #idle: (() => void) | undefined;

  constructor(path: TreePath, fd: number, info: FileInfo) {
    this.#path = path;
    this.#fd = fd;
    this.info = info;
  }

  async bytes(): Promise<Uint8Array> {
    const all = Buffer.allocUnsafeSlow(this.info.size);
    for (let at = 0; at < all.length; ) at += await this.#fill(all.subarray(at), at);
    return all;
  }

  async *read(first = 0, last: number = this.info.size - 1): AsyncGenerator<Uint8Array, void, void> {
    const end = Math.min(last + 1, this.info.size);
    let position = first;
    if (position >= end) return;
    const buffers = new BufferPair();
    let pending: Promise<Uint8Array> | undefined = this.#chunk(buffers.take(end - position), position, end);
    let complete = false;
    try {
      while (pending !== undefined) {
        const chunk: Uint8Array = await pending;
        position += chunk.length;
        pending = undefined;
        if (position < end) {
          pending = this.#chunk(buffers.take(end - position), position, end);
          // It fails while the consumer is busy, and is awaited only afterwards.
          pending.catch(ignore);
        }
        yield chunk;
        // The consumer has asked for the next chunk: this memory is ours again.
        buffers.giveBack(Buffer.from(chunk.buffer));
      }
      complete = true;
    } finally {
      buffers.letGo();
      if (!complete) await this.close();
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#shut();
    return this.#closed;
  }

  async #chunk(buffer: Uint8Array, position: number, end: number): Promise<Uint8Array> {
    const part = buffer.subarray(0, end - position);
    return part.subarray(0, await this.#fill(part, position));
  }

  async #fill(buffer: Uint8Array, position: number): Promise<number> {
    try {
      if (this.#closed !== undefined) throw new Refusal("CLOSED", "the file has been closed");
      this.#running += 1;
      try {
        const length = await read(this.#fd, buffer, position);
        if (length === 0) throw new Refusal("TRUNCATED", "another program has cut the file short");
        return length;
      } finally {
        this.#running -= 1;
        if (this.#running === 0) this.#idle?.();
      }
    } catch (error) {
      throw toStoreError("read", this.#path, error);
    }
  }

  async #shut(): Promise<void> {
    // The descriptor's number is given away again once closed: a late read would read another file.
    if (this.#running > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    await close(this.#fd);
  }
}

function ignore(): void {}
