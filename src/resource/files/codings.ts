// Content codings that a file is sent in: which one a client gets, and how it is made. Everything is done
// in zlib's threads, nothing on the event loop.

import type { Transform } from "node:stream";
import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { preferEncoding } from "../../semantics/negotiation.ts";
import type { Coding } from "./entity-tag.ts";

// Node has zstd since 22.15, and the types of older versions do not know it.
const { zstdCompress, createZstdCompress } = zlib as {
  readonly zstdCompress?: (bytes: Uint8Array, done: (error: Error | null, coded: Buffer) => void) => void;
  readonly createZstdCompress?: () => Transform;
};

/**
 * The codings in the order in which they are offered. Brotli is the smallest for text, and as fast as gzip at
 * this quality; zstd is faster still, but larger; gzip is what everything can read. A browser asks for
 * Brotli and zstd over TLS and on localhost only.
 */
const PREFERRED: readonly Coding[] = ["br", "zstd", "gzip"];

/** What this version of Node can make. */
export const CODINGS: readonly Coding[] = PREFERRED.filter((coding) => coding !== "zstd" || zstdCompress);

/** The ends of the names under which precompressed neighbours lie beside a file. */
export const NEIGHBOURS: readonly (readonly [suffix: string, coding: Coding])[] = [
  [".br", "br"],
  [".zst", "zstd"],
  [".gz", "gzip"],
];

/** Compressing less saves no packet. */
export const MIN_BYTES = 1024;

// Quality 5 is where Brotli begins to be smaller than gzip 6, at about the same time; 11, its default, takes 50 times as long.
const BROTLI: zlib.BrotliOptions = {
  params: {
    [zlib.constants.BROTLI_PARAM_QUALITY]: 5,
    [zlib.constants.BROTLI_PARAM_MODE]: zlib.constants.BROTLI_MODE_TEXT,
  },
};
const GZIP: zlib.ZlibOptions = { level: 6 };

const brotli = promisify<Uint8Array, zlib.BrotliOptions, Buffer>(zlib.brotliCompress);
const gzip = promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.gzip);
const zstd = zstdCompress && promisify<Uint8Array, Buffer>(zstdCompress);

/** Compresses what is in memory. */
export async function encode(coding: Coding, bytes: Uint8Array): Promise<Uint8Array> {
  switch (coding) {
    case "br":
      return brotli(bytes, BROTLI);
    case "zstd":
      if (zstd === undefined) throw new TypeError("Cannot make zstd: this version of Node has none");
      return zstd(bytes);
    case "gzip":
      return gzip(bytes, GZIP);
  }
}

function encoder(coding: Coding): Transform {
  switch (coding) {
    case "br":
      return zlib.createBrotliCompress(BROTLI);
    case "zstd":
      if (createZstdCompress === undefined) {
        throw new TypeError("Cannot make zstd: this version of Node has none");
      }
      return createZstdCompress();
    case "gzip":
      return zlib.createGzip(GZIP);
  }
}

/** Compresses content on its way. A piece is asked for only when the one before has been taken in. */
export async function* encodeStream(
  coding: Coding,
  content: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  const coder = encoder(coding);
  void feed(coder, content);
  try {
    for await (const piece of coder) yield piece as Buffer;
  } finally {
    coder.destroy();
  }
}

// Not Readable.from(): it asks for pieces ahead, and the memory of a piece is used again for the next.
async function feed(coder: Transform, content: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const piece of content) {
      await new Promise<void>((resolve, reject) => {
        coder.write(piece, (error) => (error ? reject(error) : resolve()));
      });
    }
    coder.end();
  } catch (error) {
    // Its reader is told; when the reader has left, nobody is.
    coder.destroy(error as Error);
  }
}

// Clients send a handful of different Accept-Encoding fields; anybody can send many.
const MOST_REMEMBERED = 100;

/** A set of codings that something is offered in. The choice is remembered for each field value, as parsing it costs more than all the rest. */
export class Offers {
  readonly codings: readonly Coding[];
  readonly #choices: Map<string, Coding | "identity" | "none"> = new Map();

  constructor(codings: readonly Coding[]) {
    this.codings = codings;
  }

  /** "identity" for none of them; "none" when the client refuses that as well.  RFC 9110, 12.5.3 */
  choose(acceptEncoding: string | undefined): Coding | "identity" | "none" {
    if (acceptEncoding === undefined) return "identity";
    const known = this.#choices.get(acceptEncoding);
    if (known !== undefined) return known;
    const choice = (preferEncoding(acceptEncoding, this.codings) ?? "none") as Coding | "identity" | "none";
    if (this.#choices.size === MOST_REMEMBERED) this.#choices.clear();
    this.#choices.set(acceptEncoding, choice);
    return choice;
  }
}

const OFFERS = new Map<string, Offers>();

/** The offers of these codings, the ones that are there already before those that have to be made. */
export function offersOf(there: readonly Coding[], made: readonly Coding[]): Offers {
  const codings = [...there, ...made.filter((coding) => !there.includes(coding))];
  const key = codings.join();
  let offers = OFFERS.get(key);
  if (offers === undefined) {
    offers = new Offers(codings);
    OFFERS.set(key, offers);
  }
  return offers;
}
