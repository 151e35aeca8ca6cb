// The changes of a table as a stream of events, in the form of server-sent events (HTML Standard, 9.2). It knows
// when a stream begins and ends and how a client goes on after a break, not what a change means to its kind
// of mount.
//
//   opened ─▶ id of the start ─▶ [ changes | heartbeat | reset ]* ─▶ ended: the client is gone, the server stops, or
//                                                                    the table is closed

import type { Request } from "../message/request.ts";
import { Response } from "../message/response.ts";
import { Fields } from "../protocol/fields.ts";
import { StoreError } from "../store/errors.ts";
import type { Change, Key, Table, Watch } from "../store/table.ts";

export interface WatchResponseOptions {
  /** Only changes of this key. */
  readonly key?: Key | undefined;
  /** Only changes of keys that begin with this text. */
  readonly prefix?: string | undefined;
  /** Gives the data of each change's event, in the same order; undefined: this change is not told. */
  describe(
    changes: readonly Change[],
  ): Promise<readonly (object | undefined)[]> | readonly (object | undefined)[];
  /** Milliseconds without a change after which a sign of life is sent. Default 15,000: proxies give up after 30 to 60 s. 0: none. */
  readonly heartbeat?: number | undefined;
}

/** Milliseconds before a client comes back after a break. */
const RETRY = 2000;
const HEARTBEAT = 15_000;
/** Changes that are made into text at once. */
const SLICE = 256;

const FIELDS = new Fields({
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-store",
  // nginx would hold the events back until a buffer is full.
  "X-Accel-Buffering": "no",
  "X-Content-Type-Options": "nosniff",
});

/**
 * Answers with the changes of a table as they happen: behind `Last-Event-ID`, else behind `?after=POINT`, else
 * from now on. Each is an event "put" or "remove" whose id is its point. When the changes behind a point are not
 * known any more, an event "reset" says that what the client knows is stale, and the stream goes on from now. Ends when
 * the client is gone, the server stops or the table is closed. For HEAD: the fields. Throws what the table throws.
 */
export async function watchResponse(
  request: Request,
  table: Table,
  options: WatchResponseOptions,
): Promise<Response> {
  if (request.method === "HEAD") return new Response(200, { fields: FIELDS, body: nothing() });
  const ending = new Ending([request.signal, request.stopping]);
  const { key, prefix } = options;
  const open = (after?: string): Promise<Watch> => table.watch({ after, key, prefix, signal: ending.signal });
  const after = request.fields.get("last-event-id") || afterOf(request.target.query);
  try {
    const watch = await open(after);
    return new Response(200, { fields: FIELDS, body: events(begun(watch), watch, open, ending, options) });
  } catch (error) {
    if (!isGone(error)) throw error;
    const watch = await open();
    return new Response(200, {
      fields: FIELDS,
      body: events(begun(watch) + reset(watch), watch, open, ending, options),
    });
  }
}

async function* nothing(): AsyncGenerator<Uint8Array, void, void> {}

/** The place to begin at that a query names. */
function afterOf(query: string | undefined): string | undefined {
  if (query === undefined) return undefined;
  return new URLSearchParams(query).get("after") || undefined;
}

/** A signal that follows others, while it is told to. */
class Ending {
  readonly #sources: readonly AbortSignal[];
  readonly #controller = new AbortController();
  readonly #end = (): void => this.#controller.abort();

  constructor(sources: readonly AbortSignal[]) {
    this.#sources = sources;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  follow(): void {
    for (const source of this.#sources) {
      if (source.aborted) this.#end();
      else source.addEventListener("abort", this.#end);
    }
  }

  /** Ends what follows the signal, and lets go of the others. */
  end(): void {
    for (const source of this.#sources) source.removeEventListener("abort", this.#end);
    this.#end();
  }
}

// Nothing is held before the first piece is asked for: who never asks leaves nothing behind.
async function* events(
  opening: string,
  first: Watch,
  open: () => Promise<Watch>,
  ending: Ending,
  options: WatchResponseOptions,
): AsyncGenerator<Uint8Array, void, void> {
  ending.follow();
  try {
    yield Buffer.from(opening);
    for (let watch = first; ; ) {
      try {
        return yield* told(watch, ending.signal, options);
      } catch (error) {
        // So slow a reader that the log has gone past it.
        if (!isGone(error)) throw error;
      }
      watch = await open();
      yield Buffer.from(reset(watch));
    }
  } catch (error) {
    // A stream that ends is opened again by its client, which is all that helps here.
    if (!(error instanceof StoreError) || (error.code !== "CLOSED" && error.code !== "UNREACHABLE"))
      throw error;
  } finally {
    ending.end();
  }
}

/** The changes of a watch as text. A piece is made when the one before it is gone. */
async function* told(
  watch: Watch,
  ended: AbortSignal,
  { describe, heartbeat = HEARTBEAT }: WatchResponseOptions,
): AsyncGenerator<Uint8Array, void, void> {
  const groups = watch[Symbol.asyncIterator]();
  let known = watch.point;
  try {
    for (;;) {
      const group = new Awaited(groups.next());
      while (!(await group.within(heartbeat))) {
        // Read at the very moment: nothing that it covers is still under way to us.
        const { point } = watch;
        yield Buffer.from(point === known ? ":\n\n" : `:\nid: ${point}\n\n`);
        known = point;
      }
      const next = await group.result;
      if (next.done === true) return;
      for (let at = 0; at < next.value.length; at += SLICE) {
        if (ended.aborted) return;
        const changes = next.value.slice(at, at + SLICE);
        yield Buffer.from(textOf(changes, await describe(changes)));
        known = changes.at(-1)?.point ?? known;
      }
    }
  } finally {
    // Not awaited: it may stand in a queue behind a change that has yet to come.
    groups.return?.().catch(() => undefined);
  }
}

/** Something that is waited for again and again, without leaving a waiter behind each time. */
class Awaited<T> {
  readonly result: Promise<T>;
  #settled = false;
  #wake: (() => void) | undefined;

  constructor(result: Promise<T>) {
    this.result = result;
    const settle = (): void => {
      this.#settled = true;
      this.#wake?.();
    };
    result.then(settle, settle);
  }

  /** Whether it is there within so many milliseconds; 0 waits for it. */
  async within(ms: number): Promise<boolean> {
    if (this.#settled) return true;
    await new Promise<void>((resolve) => {
      const timer = ms > 0 ? setTimeout(resolve, ms) : undefined;
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    return this.#settled;
  }
}

function begun(watch: Watch): string {
  return `retry: ${RETRY}\nid: ${watch.point}\n\n`;
}

const STALE = JSON.stringify({
  detail:
    "The changes since the point that was asked for are not known any more: what you have read is stale. Read it again; changes from now on follow",
});

function reset(watch: Watch): string {
  return `id: ${watch.point}\nevent: reset\ndata: ${STALE}\n\n`;
}

function textOf(changes: readonly Change[], data: readonly (object | undefined)[]): string {
  let text = "";
  changes.forEach(({ kind, point }, index) => {
    const told = data[index];
    // JSON.stringify() leaves no line break in a text.
    if (told !== undefined) text += `id: ${point}\nevent: ${kind}\ndata: ${JSON.stringify(told)}\n\n`;
    // An id alone is kept by the client, and no event is made of it.
    else if (index === changes.length - 1) text += `id: ${point}\n\n`;
  });
  return text;
}

function isGone(error: unknown): boolean {
  return error instanceof StoreError && error.code === "POINT_GONE";
}
