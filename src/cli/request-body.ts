// A request's body on its way out: counted for the progress line, and kept, as far as it is short, to be
// printed as it was sent.

import type { Content } from "./content.ts";
import type { Progress } from "./progress.ts";

/** A longer body is not printed. */
const NOTHING = new Uint8Array(0);
const MOST_KEPT = 64 * 1024;

export interface SentBody {
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | undefined;
  readonly length: number | undefined;
  /** What has been sent so far; undefined when it is too long. */
  kept(): Uint8Array | undefined;
  /** Bytes sent so far. */
  size(): number;
}

/** What the client is given for a content. `chunked`: its length is not said, though it is known. */
export function sentBody(
  content: Content | undefined,
  chunked: boolean,
  progress: () => Progress | undefined,
): SentBody {
  if (content === undefined)
    return { body: undefined, length: undefined, kept: () => NOTHING, size: () => 0 };
  const { body, length } = content;
  if (body instanceof Uint8Array && !chunked) {
    return {
      body,
      length,
      kept: () => (body.length > MOST_KEPT ? undefined : body),
      size: () => body.length,
    };
  }
  const kept: Uint8Array[] = [];
  let size = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const bytes of body instanceof Uint8Array ? [body] : body) {
      yield bytes;
      size += bytes.length;
      if (size <= MOST_KEPT) kept.push(bytes);
      else kept.length = 0;
      progress()?.advance(bytes.length);
    }
  }
  return {
    body: counted(),
    length: chunked ? undefined : length,
    kept: () => (size > MOST_KEPT ? undefined : Buffer.concat(kept)),
    size: () => size,
  };
}
