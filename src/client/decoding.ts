// Undoes content codings (RFC 9110, 8.4.1; br: RFC 7932; zstd: RFC 8878), piece by piece.
// It knows nothing of connections: bytes in, bytes out, as fast as they are asked for.

import { pipeline, type Transform } from "node:stream";
import zlib from "node:zlib";
import { Decompress } from "fzstd";
import type { Fields } from "../protocol/fields.ts";
import { listMembers } from "../protocol/grammar.ts";
import { ClientError } from "./errors.ts";

type Bytes = AsyncIterable<Uint8Array>;
type Undo = (source: Bytes, coding: string) => Bytes;

const UNDO: ReadonlyMap<string, Undo> = new Map([
  ["gzip", through(() => zlib.createGunzip())],
  ["x-gzip", through(() => zlib.createGunzip())],
  ["deflate", through((first) => (looksLikeZlib(first) ? zlib.createInflate() : zlib.createInflateRaw()))],
  ["br", through(() => zlib.createBrotliDecompress())],
  ["zstd", zstd()],
]);

/** Nobody applies more; each takes memory, and one head could name thousands of them. */
const MOST_CODINGS = 8;

/**
 * The codings that a body comes in, in the order they were applied; undefined when one of them is not known here, or
 * there are more than anybody applies.
 */
export function contentCodings(fields: Fields): string[] | undefined {
  const value = fields.get("content-encoding");
  if (value === undefined) return [];
  const codings = listMembers(value).filter((coding) => coding !== "identity");
  const known = codings.length <= MOST_CODINGS && codings.every((coding) => UNDO.has(coding));
  return known ? codings : undefined;
}

/**
 * The body with its codings undone, the last one first. Throws ClientError `DECODING` when it is not in that
 * coding, or its end is missing.
 */
export function decode(source: Bytes, codings: readonly string[]): Bytes {
  return codings.reduceRight((bytes, coding) => (UNDO.get(coding) as Undo)(bytes, coding), source);
}

function through(make: (firstByte: number) => Transform): Undo {
  return (source, coding) => run(source, make, coding);
}

async function* run(
  source: Bytes,
  make: (firstByte: number) => Transform,
  coding: string,
): AsyncGenerator<Uint8Array> {
  const pieces = source[Symbol.asyncIterator]();
  let first = await pieces.next();
  while (first.done !== true && first.value.length === 0) first = await pieces.next();
  // Nothing at all is what a coding of nothing often looks like on the wire.
  if (first.done === true) return;
  const start = first.value;
  const transform = make(start[0] as number);
  async function* all(): AsyncGenerator<Uint8Array> {
    yield start;
    for (let piece = await pieces.next(); piece.done !== true; piece = await pieces.next()) yield piece.value;
  }
  // An error comes out of the transform, below.
  pipeline(all(), transform, () => undefined);
  try {
    for await (const piece of transform) yield piece as Uint8Array;
  } catch (error) {
    throw decodingError(error, coding);
  } finally {
    transform.destroy();
    // Not awaited: a source that waits for bytes ends when its reader gives up on the connection.
    pieces.return?.().catch(() => undefined);
  }
}

/** RFC 9110 means the zlib format; some servers send bare deflate. Its first byte tells: CM is 8 (RFC 1950, 2.2). */
function looksLikeZlib(firstByte: number): boolean {
  return (firstByte & 0x0f) === 8;
}

function zstd(): Undo {
  // Node has it from 22.15 on.
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform };
  return createZstdDecompress === undefined ? unzstd : through(() => createZstdDecompress());
}

/** So many bytes at a time: what one push yields comes all at once, and four bytes can stand for 128 KiB. */
const ZSTD_STEP = 1024;

async function* unzstd(source: Bytes): AsyncGenerator<Uint8Array> {
  let out: Uint8Array[] = [];
  let any = false;
  const decompressor = new Decompress((bytes) => {
    if (bytes.length > 0) out.push(bytes);
  });
  const push = (bytes: Uint8Array, last: boolean): Uint8Array[] => {
    out = [];
    try {
      decompressor.push(bytes, last);
    } catch (error) {
      throw decodingError(error, "zstd");
    }
    return out;
  };
  for await (const piece of source) {
    any ||= piece.length > 0;
    for (let at = 0; at < piece.length; at += ZSTD_STEP)
      yield* push(piece.subarray(at, at + ZSTD_STEP), false);
  }
  if (any) yield* push(new Uint8Array(0), true);
}

function decodingError(error: unknown, coding: string): unknown {
  if (error instanceof ClientError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new ClientError("DECODING", `Cannot decode the body: it is not whole and valid ${coding} (${why})`, {
    cause: error,
  });
}
