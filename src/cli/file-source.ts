// A file's bytes, or a part of them, as a stream that can be read again from its beginning. Knows files only.

import { read as readDescriptor } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { promisify } from "node:util";
import { fileError } from "./items.ts";

/** Bytes read at once: fewer make more calls, more do not make it faster. */
const PIECE = 256 * 1024;

const read = promisify(readDescriptor);

export interface FileSource extends AsyncIterable<Uint8Array> {
  /** The first bytes, which tell what kind of content it is. */
  start(): Promise<Uint8Array>;
}

export interface OpenFile {
  readonly path: string;
  /** Bytes; undefined when it is a pipe or a device, which can be read once. */
  readonly size: number | undefined;
  readonly handle: FileHandle;
}

/** Opens a file named on the command line. Throws CommandError. */
export async function openFile(path: string): Promise<OpenFile> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    const info = await handle.stat();
    if (info.isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
    return { path, size: info.isFile() ? info.size : undefined, handle };
  } catch (error) {
    await handle?.close();
    throw fileError(path, error);
  }
}

/** The bytes of an open file from one place to another. It ends early when the file has become shorter. */
export function fileSource(descriptor: number, from: number, to: number): FileSource {
  return {
    async start() {
      return piece(descriptor, from, Math.min(1024, to - from));
    },
    async *[Symbol.asyncIterator]() {
      for (let at = from; at < to; ) {
        const bytes = await piece(descriptor, at, Math.min(PIECE, to - at));
        if (bytes.length === 0) return;
        at += bytes.length;
        yield bytes;
      }
    },
  };
}

async function piece(descriptor: number, at: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafe(length);
  const { bytesRead } = await read(descriptor, buffer, 0, length, at);
  return buffer.subarray(0, bytesRead);
}
