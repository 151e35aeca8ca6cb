// From words and options to one request, ready to be sent or shown. Nothing is sent here.

import { basicAuthorization } from "../client/auth/basic.ts";
import type { ConnectionOptions } from "../client/connecting.ts";
import { requestFields } from "../client/request-fields.ts";
import { type HttpUrl, parseUrl } from "../client/url.ts";
import { Fields } from "../protocol/fields.ts";
import { writeRequestHead } from "../protocol/head-writer.ts";
import type { Version } from "../protocol/start-line.ts";
import { fieldBytes } from "../text/field-text.ts";
import { type CommandWords, readWords } from "./command-words.ts";
import { connectionOf } from "./connection-flags.ts";
import { type Content, type Encoding, readContent } from "./content.ts";
import { CommandError, EXIT } from "./exit-codes.ts";
import { type Item, itemValue } from "./items.ts";
import type { RequestFlags } from "./request-flags.ts";

export interface RequestPlan {
  readonly method: string;
  readonly url: HttpUrl;
  readonly target: string | undefined;
  readonly socketPath: string | undefined;
  /** What is sent besides the client's own fields. */
  readonly fields: Fields;
  /** Names of the client's own fields not to send. */
  readonly omit: readonly string[];
  readonly content: Content | undefined;
  readonly connection: ConnectionOptions | undefined;
  readonly version: Version;
}

export interface Planning {
  readonly flags: RequestFlags;
  readonly signal: AbortSignal;
  /** Tells the person something that is no error. */
  readonly note: (message: string) => void;
}

/** Reads a command line's words to a request. Throws CommandError, and ClientError `URL_INVALID`. */
export async function planRequest(words: readonly string[], planning: Planning): Promise<RequestPlan> {
  return planCommand(readWords(words), planning);
}

/** As planRequest(), for words that have been read. */
export async function planCommand(words: CommandWords, planning: Planning): Promise<RequestPlan> {
  const { flags, signal, note } = planning;
  const { method, url: address, target, socketPath, items } = words;
  const url = parseUrl(await withQuery(address, items));
  const encoding: Encoding = flags.form === true ? "form" : flags.json === true ? "json" : "by content";
  const { raw } = flags;
  const ignoreStdin = flags.ignoreStdin === true || flags.offline === true;
  const content = await readContent(items, { method, encoding, raw, ignoreStdin, signal, note });
  const removed = items.flatMap((item) => (item.kind === "remove" ? [item.name.toLowerCase()] : []));
  if (removed.includes("host")) throw usage("Cannot leave Host out: HTTP/1.1 has no request without it");
  return {
    method: method ?? (content === undefined ? "GET" : "POST"),
    url,
    target: flags.target ?? target,
    socketPath: flags.socket ?? socketPath,
    fields: await fieldsOf(items, removed, content, flags, url),
    omit: removed,
    content,
    connection: await connectionOf(flags, url),
    version: flags["http1.0"] === true ? "1.0" : "1.1",
  };
}

/** The request as it would be sent over a new connection. Throws CommandError for what cannot be sent. */
export function headOf(plan: RequestPlan, decode: boolean, length: number | undefined): string {
  const { method, url, target, fields, omit, version } = plan;
  try {
    const all = requestFields(url, fields, decode, omit);
    return writeRequestHead({ method, target: target ?? url.target, fields: all, length, version }).text;
  } catch (error) {
    throw usage((error as Error).message, error);
  }
}

async function withQuery(address: string, items: readonly Item[]): Promise<string> {
  const pairs: string[] = [];
  for (const item of items) {
    if (item.kind !== "query") continue;
    pairs.push(`${encodeURIComponent(item.name)}=${encodeURIComponent(await itemValue(item))}`);
  }
  if (pairs.length === 0) return address;
  const hash = address.indexOf("#");
  const [url, fragment] = hash === -1 ? [address, ""] : [address.slice(0, hash), address.slice(hash)];
  const joint = !url.includes("?") ? "?" : /[?&]$/.test(url) ? "" : "&";
  return `${url}${joint}${pairs.join("&")}${fragment}`;
}

/** Defaults first, each unless it was given or taken away, then what was given, in its order. */
async function fieldsOf(
  items: readonly Item[],
  removed: readonly string[],
  content: Content | undefined,
  flags: RequestFlags,
  url: HttpUrl,
): Promise<Fields> {
  const given = await givenFields(items);
  const fields = new Fields();
  const byDefault = (name: string, value: string | undefined): void => {
    if (value !== undefined && !given.has(name) && !removed.includes(name.toLowerCase()))
      fields.append(name, value);
  };
  byDefault(
    "Accept",
    flags.json === true || content?.wantsJson === true ? "application/json, */*;q=0.5" : undefined,
  );
  byDefault("Content-Type", content?.type);
  byDefault("Authorization", flags.user === undefined ? url.authorization : basic(flags.user));
  for (const [name, value] of given) fields.append(name, value);
  return fields;
}

async function givenFields(items: readonly Item[]): Promise<Fields> {
  const fields = new Fields();
  for (const item of items) {
    if (item.kind !== "header") continue;
    try {
      fields.append(item.name, fieldBytes(await itemValue(item)));
    } catch (error) {
      throw error instanceof CommandError ? error : usage((error as Error).message, error);
    }
  }
  return fields;
}

/** Of --user. */
function basic(pair: string): string {
  if (!pair.includes(":"))
    throw usage("Cannot use --user without a password: it takes USER:PASS, where PASS may be empty");
  return basicAuthorization(pair);
}

function usage(message: string, cause?: unknown): CommandError {
  return new CommandError(EXIT.usage, message, { cause });
}
