// A body for a person's eyes: JSON indented and coloured, text as text, nothing of what is neither. What comes
// is shown as it comes, in memory that does not grow; only JSON is gathered first, up to a limit.

import { TextDecoder } from "node:util";
import { parseMediaType } from "../semantics/media-types.ts";
import { printable } from "../text/printable.ts";
import { paintJson } from "./highlight.ts";
import type { Output } from "./output.ts";
import { formatBytes } from "./quantities.ts";
import type { Painter } from "./terminal.ts";

export interface Look {
  readonly paint: Painter;
  readonly colors: boolean;
  /** Whether JSON is indented. */
  readonly indent: boolean;
}

export interface BodyToShow {
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Bytes, when known. */
  readonly length: number | undefined;
  /** The Content-Type field's value. */
  readonly type: string | undefined;
  /** What to do to get at the bytes of a binary body. */
  readonly wayOut: string;
}

/** JSON beyond that is shown as it came: who reads it uses a program. */
const MAX_JSON = 4 * 1024 * 1024;
/** So much of a body tells whether it is text, when its type does not. */
const ENOUGH_TO_TELL = 1024;
/** A binary body of unknown length is counted up to here. */
const MAX_COUNTED = 64 * 1024 * 1024;

/** Writes a body so that it ends with a line feed; nothing at all when it is empty. */
export async function showBody(body: BodyToShow, out: Output, look: Look): Promise<void> {
  const media = parseMediaType(body.type ?? "");
  const textual = media !== undefined && isTextual(media.essence);
  const charset = media?.parameters.get("charset");
  const pieces = body.pieces[Symbol.asyncIterator]();
  try {
    const start = await take(pieces, textual ? 1 : ENOUGH_TO_TELL);
    if (start.length === 0) return;
    if (looksBinary(start, textual || charset !== undefined)) {
      await out.write(`${look.paint("dim", await binaryNotice(body, media?.essence, start, pieces))}\n`);
      return;
    }
    const text = new TextStream(charset);
    const isJson = media !== undefined && /^application\/json$|^text\/json$|\+json$/.test(media.essence);
    const gathered =
      isJson && (look.indent || look.colors) ? await gather(pieces, start, MAX_JSON) : undefined;
    if (gathered === undefined) await showText(start, pieces, text, out);
    else await showJson(gathered, pieces, text, out, look);
  } finally {
    await pieces.return?.();
  }
}

type Pieces = AsyncIterator<Uint8Array>;

async function showText(start: Uint8Array, pieces: Pieces, text: TextStream, out: Output): Promise<void> {
  await out.write(text.push(start));
  try {
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next())
      await out.write(text.push(next.value));
  } catch (error) {
    // What is said about it begins a line of its own.
    await out.write(text.end());
    throw error;
  }
  await out.write(text.end());
}

async function showJson(
  { bytes, whole }: { readonly bytes: Uint8Array; readonly whole: boolean },
  pieces: Pieces,
  text: TextStream,
  out: Output,
  { paint, indent, colors }: Look,
): Promise<void> {
  const raw = whole ? text.decode(bytes) : undefined;
  const shown =
    raw === undefined ? undefined : paintJson(raw, colors ? paint : (_style, token) => token, indent);
  if (shown === undefined) return showText(bytes, pieces, text, out);
  await out.write(shown.endsWith("\n") ? shown : `${shown}\n`);
}

/** At least so many bytes, or all that there are. */
async function take(pieces: Pieces, enough: number): Promise<Uint8Array> {
  const taken: Uint8Array[] = [];
  let size = 0;
  while (size < enough) {
    const next = await pieces.next();
    if (next.done === true) break;
    taken.push(next.value);
    size += next.value.length;
  }
  return Buffer.concat(taken, size);
}

async function gather(
  pieces: Pieces,
  start: Uint8Array,
  limit: number,
): Promise<{ readonly bytes: Uint8Array; readonly whole: boolean }> {
  const gathered = [start];
  let size = start.length;
  while (size <= limit) {
    const next = await pieces.next();
    if (next.done === true) return { bytes: Buffer.concat(gathered, size), whole: true };
    gathered.push(next.value);
    size += next.value.length;
  }
  return { bytes: Buffer.concat(gathered, size), whole: false };
}

function isTextual(essence: string): boolean {
  return (
    essence.startsWith("text/") ||
    /[+/](?:json|xml|yaml|javascript|x-ndjson|x-www-form-urlencoded|toml|sql|graphql)$/.test(essence)
  );
}

/** No text has a NUL; and what is not said to be text has to be UTF-8 to be taken for it. */
function looksBinary(start: Uint8Array, saidToBeText: boolean): boolean {
  if (start.includes(0)) return true;
  return !saidToBeText && !isUtf8Start(start);
}

/** Whether bytes are the beginning of a UTF-8 text; the last character may be cut. */
export function isUtf8Start(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

async function binaryNotice(
  { length, wayOut }: BodyToShow,
  essence: string | undefined,
  start: Uint8Array,
  pieces: Pieces,
): Promise<string> {
  const what = essence === undefined ? "" : `, ${printable(essence)}`;
  return `(binary, ${await size(length, start, pieces)}${what}: not shown; ${wayOut})`;
}

async function size(length: number | undefined, start: Uint8Array, pieces: Pieces): Promise<string> {
  let counted = length ?? start.length;
  if (length === undefined) {
    while (counted < MAX_COUNTED) {
      const next = await pieces.next();
      if (next.done === true) break;
      counted += next.value.length;
    }
    if (counted >= MAX_COUNTED) return `more than ${formatBytes(MAX_COUNTED)}`;
  }
  return counted === 1 ? "1 byte" : counted < 10_000 ? `${counted} bytes` : formatBytes(counted);
}

/** Bytes to text that is safe to print, piece by piece: a character or a line end may be cut anywhere. */
class TextStream {
  readonly #label: string;
  readonly #decoder: TextDecoder;
  #cutLineEnd = false;
  #last = "";

  constructor(charset: string | undefined) {
    this.#label = knownLabel(charset);
    this.#decoder = new TextDecoder(this.#label);
  }

  /** All of a text at once, as it is. */
  decode(bytes: Uint8Array): string {
    return new TextDecoder(this.#label).decode(bytes);
  }

  push(bytes: Uint8Array): string {
    return this.#safe(this.#decoder.decode(bytes, { stream: true }), false);
  }

  end(): string {
    const rest = this.#safe(this.#decoder.decode(), true);
    return (rest === "" ? this.#last : rest).endsWith("\n") || this.#last === "" ? rest : `${rest}\n`;
  }

  #safe(decoded: string, last: boolean): string {
    let text = this.#cutLineEnd ? `\r${decoded}` : decoded;
    this.#cutLineEnd = !last && text.endsWith("\r");
    if (this.#cutLineEnd) text = text.slice(0, -1);
    const safe = printable(text.replaceAll("\r\n", "\n"));
    if (safe !== "") this.#last = safe.slice(-1);
    return safe;
  }
}

function knownLabel(charset: string | undefined): string {
  try {
    return new TextDecoder(charset ?? "utf-8").encoding;
  } catch {
    return "utf-8";
  }
}
