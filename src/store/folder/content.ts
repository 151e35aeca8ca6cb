// Takes in what is to be written. It knows no files: only chunks that come, and memory.

import type { Content } from "../tree.ts";

const KIB = 1024;
const FIRST_BATCH = 64 * KIB;
const LARGEST_BATCH = 1024 * KIB;

function ignore(): void {}

/**
 * Joins chunks to batches: while the consumer is busy with one, what arrives is copied into the next, up to
 * 1 MiB; then the producer waits. A consumer that is faster than the producer gets each chunk as it comes.
 * An error of the producer is thrown after everything that came before it.
 */
export async function* gather(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const source = content[Symbol.asyncIterator]();
  let buffer: Uint8Array | undefined;
  let spare: Uint8Array | undefined;
  let filled = 0;
  let size = FIRST_BATCH;
  let ended = false;
  let stopped = false;
  let failure: { readonly error: unknown } | undefined;
  let arrived = ignore;
  let taken = ignore;

  async function take(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length && !stopped; ) {
      if (buffer !== undefined && filled === buffer.length) {
        size = LARGEST_BATCH;
        await new Promise<void>((resolve) => {
          taken = resolve;
        });
        continue;
      }
      if (buffer === undefined) {
        buffer = spare?.length === size ? spare : Buffer.allocUnsafeSlow(size);
        spare = undefined;
      }
      const part = chunk.subarray(at, at + buffer.length - filled);
      buffer.set(part, filled);
      filled += part.length;
      at += part.length;
      arrived();
    }
  }

  async function pump(): Promise<void> {
    try {
      while (!stopped) {
        const result = await source.next();
        if (result.done) break;
        await take(result.value);
      }
    } catch (error) {
      failure = { error };
    }
    ended = true;
    arrived();
  }

  void pump();
  try {
    for (;;) {
      if (buffer !== undefined) {
        const batch: Uint8Array = buffer;
        const length = filled;
        buffer = undefined;
        filled = 0;
        taken();
        yield batch.subarray(0, length);
        spare = batch;
      } else if (ended) {
        break;
      } else {
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      }
    }
    if (failure !== undefined) throw failure.error;
  } finally {
    if (!ended) {
      stopped = true;
      taken();
      // Not awaited: a producer that waits for a silent client would keep us from cleaning up.
      void Promise.resolve(source.return?.()).catch(ignore);
    }
  }
}

/** Gives the content as batches, without a copy when it is in memory already. */
export async function* batchesOf(content: Content): AsyncGenerator<Uint8Array, void, void> {
  if (!(content instanceof Uint8Array)) yield* gather(content);
  else if (content.length > 0) yield content;
}

/** Content that was found to be small is in memory; of a large one, what was taken comes again first. */
export type Sized =
  | { readonly kind: "small"; readonly bytes: Uint8Array }
  | { readonly kind: "large"; readonly content: Content };

/** Takes content into memory as far as `limit` bytes, to learn whether it is larger. */
export async function takeSmall(content: Content, limit: number): Promise<Sized> {
  if (content instanceof Uint8Array) return { kind: "small", bytes: content };
  const batches = gather(content);
  const taken: Uint8Array[] = [];
  for (let length = 0; length <= limit; ) {
    const { done, value } = await batches.next();
    if (done) return { kind: "small", bytes: Buffer.concat(taken) };
    // A copy: gather() uses its memory again.
    taken.push(Uint8Array.from(value));
    length += value.length;
  }
  return { kind: "large", content: chain(taken, batches) };
}

async function* chain(
  first: readonly Uint8Array[],
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  yield* first;
  yield* rest;
}
