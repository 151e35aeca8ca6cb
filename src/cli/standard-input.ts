// Standard input as the body of a request: when it counts as one, and how long it is waited for.
//
// A terminal, /dev/null, an empty file and a pipe that ends without a byte are no body, so that a command in
// a script or a cron job sends what it says and nothing else.

import { fstat, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { type FileSource, fileSource } from "./file-source.ts";

export interface StandardInput {
  readonly body: FileSource | AsyncIterable<Uint8Array>;
  /** Bytes, when it is a file. */
  readonly length: number | undefined;
  /** The first bytes, at least one. */
  readonly start: Uint8Array;
}

export interface Waiting {
  /** Milliseconds in which a pipe has to bring its first byte; undefined: as long as it takes. */
  readonly patience: number | undefined;
  /** Called when a pipe has been silent for a while. */
  readonly onSilence: () => void;
  readonly signal: AbortSignal;
}

const SILENCE = 2000;
const STDIN = 0;

/** What standard input holds; undefined when it is nothing that could be a body. */
export async function standardInput(waiting: Waiting): Promise<StandardInput | undefined> {
  const found = await promisify(fstat)(STDIN).catch(() => undefined);
  if (found?.isFile() === true) return redirectedFile(found.size);
  if (found?.isFIFO() === true || found?.isSocket() === true) return pipe(waiting);
  return undefined;
}

/** `< file`, from where whoever had it before has left it. */
async function redirectedFile(size: number): Promise<StandardInput | undefined> {
  const from = positionOf(STDIN);
  if (from >= size) return undefined;
  const body = fileSource(STDIN, from, size);
  return { body, length: size - from, start: await body.start() };
}

/** Only Linux tells where a descriptor stands. Elsewhere a redirected file is sent from its beginning. */
function positionOf(descriptor: number): number {
  try {
    return Number(/^pos:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "latin1"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

async function pipe({ patience, onSilence, signal }: Waiting): Promise<StandardInput | undefined> {
  const { stdin } = process;
  const pieces = stdin[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const first = await firstPiece(pieces, patience, onSilence, signal);
  if (first === undefined) {
    stdin.destroy();
    return undefined;
  }
  return { body: withFirst(first, pieces), length: undefined, start: first };
}

async function firstPiece(
  pieces: AsyncIterator<Uint8Array>,
  patience: number | undefined,
  onSilence: () => void,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const silence = setTimeout(onSilence, Math.min(SILENCE, patience ?? SILENCE));
  let limit: NodeJS.Timeout | undefined;
  const given = new Promise<undefined>((resolve) => {
    if (patience !== undefined) limit = setTimeout(resolve, patience, undefined);
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  try {
    // An error of the pipe is the end of it: there was nothing to send.
    const next = pieces.next().then(
      ({ done, value }) => (done === true ? undefined : value),
      () => undefined,
    );
    return await Promise.race([next, given]);
  } finally {
    clearTimeout(silence);
    clearTimeout(limit);
  }
}

async function* withFirst(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    // When the answer came early, the pipe is let go: it would keep the command running.
    await rest.return?.();
  }
}
