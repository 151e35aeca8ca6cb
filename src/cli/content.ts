// What a request sends: out of the items, --raw, a file or standard input, exactly one body, with its length
// and its media type.

import { mediaTypeOf } from "../semantics/media-types.ts";
import { CommandError, EXIT } from "./exit-codes.ts";
import { fileSource, type OpenFile, openFile } from "./file-source.ts";
import { type Item, type ItemKind, itemValue } from "./items.ts";
import { isJson } from "./json-format.ts";
import { isUtf8Start } from "./shown-body.ts";
import { type StandardInput, standardInput } from "./standard-input.ts";

export type Encoding = "json" | "form" | "by content";

export interface Content {
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
  /** Bytes, when known. */
  readonly length: number | undefined;
  /** The Content-Type to send unless one was given. */
  readonly type: string | undefined;
  /** Whether JSON is what a person would expect back. */
  readonly wantsJson: boolean;
  /** Named in a progress line; undefined for what is small and in memory. */
  readonly label: string | undefined;
  readonly file: OpenFile | undefined;
}

export interface ContentFlags {
  readonly method: string | undefined;
  readonly encoding: Encoding;
  readonly raw: string | undefined;
  readonly ignoreStdin: boolean;
  readonly signal: AbortSignal;
  readonly note: (message: string) => void;
}

/** A smaller file is held in memory, and can so be sent once more after a redirect. */
const IN_MEMORY = 1024 * 1024;

const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";
const TEXT_TYPE = "text/plain; charset=utf-8";
const BYTES_TYPE = "application/octet-stream";

type FieldItem = Extract<Item, { readonly fromFile: boolean }>;

/** The body of the request; undefined for none. Throws CommandError. */
export async function readContent(items: readonly Item[], flags: ContentFlags): Promise<Content | undefined> {
  const fields = items.filter((item): item is FieldItem => item.kind === "text" || item.kind === "json");
  const files = items.filter((item) => item.kind === "body");
  const given = [
    fields.length > 0 ? "items" : "",
    ...files.map(({ path }) => `@${path}`),
    flags.raw === undefined ? "" : "--raw",
  ];
  const ways = given.filter((way) => way !== "");
  if (ways.length > 1)
    throw new CommandError(EXIT.usage, `Cannot send ${ways.join(" and ")} together: a request has one body`);
  const [file] = files;
  if (fields.length > 0) return flags.encoding === "form" ? formContent(fields) : jsonContent(fields);
  if (flags.raw !== undefined)
    return inMemory(Buffer.from(flags.raw, "utf8"), rawType(flags.raw, flags.encoding), flags);
  if (file?.path === "-") return stdinContent({ ...flags, ignoreStdin: false }, undefined);
  if (file !== undefined) return fileContent(await openFile(file.path), flags);
  return implicitInput(flags);
}

// These ask for something, and a body would be no part of the question. In a shell's loop standard input is
// the list that the loop reads, which must not be swallowed.
const WITHOUT_CONTENT = new Set(["GET", "HEAD", "DELETE", "OPTIONS", "TRACE"]);
/** Without a method, silence means GET: a parent that keeps a pipe open for no purpose must not stop us. */
const PATIENCE = 2000;

async function implicitInput(flags: ContentFlags): Promise<Content | undefined> {
  if (flags.ignoreStdin || (flags.method !== undefined && WITHOUT_CONTENT.has(flags.method)))
    return undefined;
  return stdinContent(flags, flags.method === undefined ? PATIENCE : undefined);
}

async function stdinContent(flags: ContentFlags, patience: number | undefined): Promise<Content | undefined> {
  const what = patience === undefined ? "waiting for it" : "going on without it";
  const onSilence = (): void =>
    flags.note(`Nothing has come from standard input; ${what} (--ignore-stdin leaves it alone)`);
  const input = await standardInput({ patience, onSilence, signal: flags.signal });
  if (input === undefined) return undefined;
  const { body, length, start } = input;
  return {
    body,
    length,
    type: typeByContent(start, flags.encoding),
    wantsJson: flags.encoding === "json",
    label: labelOf(input),
    file: undefined,
  };
}

function labelOf({ length }: StandardInput): string | undefined {
  return length === undefined || length > IN_MEMORY ? "standard input" : undefined;
}

async function fileContent(file: OpenFile, flags: ContentFlags): Promise<Content> {
  const { path, size, handle } = file;
  const type =
    flags.encoding === "by content" ? mediaTypeOf(path) : typeByContent(new Uint8Array(0), flags.encoding);
  const wantsJson = flags.encoding === "json";
  if (size === undefined)
    return {
      body: handle.createReadStream(),
      length: undefined,
      type,
      wantsJson,
      label: path,
      file: undefined,
    };
  if (size > IN_MEMORY)
    return { body: fileSource(handle.fd, 0, size), length: size, type, wantsJson, label: path, file };
  return { body: await handle.readFile(), length: size, type, wantsJson, label: undefined, file };
}

async function jsonContent(items: readonly FieldItem[]): Promise<Content> {
  // Written name by name, so that numbers of any size and the order of names come out as they were typed.
  const members = new Map<string, string>();
  for (const item of items) members.set(item.name, await jsonValue(item));
  const text = [...members].map(([name, value]) => `${JSON.stringify(name)}: ${value}`).join(", ");
  return { ...bytesOf(`{${text}}`), type: JSON_TYPE, wantsJson: true };
}

async function jsonValue(item: FieldItem & { readonly kind: ItemKind }): Promise<string> {
  const value = await itemValue(item);
  if (item.kind === "text") return JSON.stringify(value);
  if (isJson(value)) return value.trim();
  const shown = item.fromFile ? `the content of ${item.value}` : JSON.stringify(value);
  const hint = item.fromFile ? "" : `. ${item.name}=${value} sends it as text`;
  throw new CommandError(EXIT.usage, `Cannot send ${shown} as "${item.name}": it is not JSON${hint}`);
}

async function formContent(items: readonly FieldItem[]): Promise<Content> {
  const form = new URLSearchParams();
  for (const item of items) {
    if (item.kind === "json") {
      throw new CommandError(
        EXIT.usage,
        `Cannot send ${item.name} as JSON in a form: a form has texts only, ${item.name}=…`,
      );
    }
    form.append(item.name, await itemValue(item));
  }
  return { ...bytesOf(form.toString()), type: `${FORM_TYPE}; charset=utf-8`, wantsJson: false };
}

function inMemory(body: Uint8Array, type: string, flags: ContentFlags): Content {
  return { ...bytesOf(body), type, wantsJson: flags.encoding === "json" };
}

function bytesOf(content: string | Uint8Array): Pick<Content, "body" | "length" | "label" | "file"> {
  const body = typeof content === "string" ? Buffer.from(content, "utf8") : content;
  return { body, length: body.length, label: undefined, file: undefined };
}

function rawType(text: string, encoding: Encoding): string {
  if (encoding !== "by content") return encoding === "json" ? JSON_TYPE : FORM_TYPE;
  return /^\s*[{[]/.test(text) && isJson(text) ? JSON_TYPE : TEXT_TYPE;
}

function typeByContent(start: Uint8Array, encoding: Encoding): string {
  if (encoding !== "by content") return encoding === "json" ? JSON_TYPE : FORM_TYPE;
  if (start.includes(0) || !isUtf8Start(start)) return BYTES_TYPE;
  return /^\s*[{[]/.test(Buffer.from(start).toString("utf8")) ? JSON_TYPE : TEXT_TYPE;
}
