// What the shell asks a server for itself, without printing it: whether its base is a collection of records, their
// schema, and the names in it. Asked once for each base, over the shell's own connection.

import type { Client } from "../../client/client.ts";
import type { RequestOptions } from "../../client/options.ts";
import type { ClientResponse } from "../../client/response.ts";
import { Fields } from "../../protocol/fields.ts";
import { CommandError, EXIT } from "../exit-codes.ts";
import type { RequestPlan } from "../request-plan.ts";
import type { Base } from "./base.ts";
import { type RecordFields, readFields } from "./record-fields.ts";

export interface Collection {
  /** Of the schema that the base points to. */
  readonly fields: RecordFields | undefined;
}

/** How the shell's own questions are sent: with its default fields. */
export type Planned = (method: string, href: string, accept: string | undefined) => Promise<RequestPlan>;

const MOST_SCHEMA = 1024 * 1024;
const MOST_NAMES_BYTES = 256 * 1024;
const MOST_NAMES = 1000;
/** Milliseconds: nobody has asked for these answers. */
const PATIENCE = 2000;

export class ServerFacts {
  readonly #client: Client;
  readonly #plan: Planned;
  readonly #collections = new Map<string, Collection | undefined>();
  readonly #names = new Map<string, Promise<readonly string[]>>();

  constructor(client: Client, plan: Planned) {
    this.#client = client;
    this.#plan = plan;
  }

  /** The records at a base; undefined when there are none. Throws ClientError, and CommandError for a schema that cannot be used. */
  async collection({ url: { href } }: Base, signal: AbortSignal): Promise<Collection | undefined> {
    if (this.#collections.has(href)) return this.#collections.get(href);
    const response = await this.#ask("HEAD", href, undefined, { signal });
    response.body.discard();
    const link = describedBy(response.fields.get("link"));
    let found: Collection | undefined;
    if (link !== undefined) found = { fields: await this.#schema(new URL(link, href), href, signal) };
    else if (response.status === 200 && response.fields.has("x-total-count")) found = { fields: undefined };
    // A server that is in trouble now may answer later.
    if (response.status < 500) this.#collections.set(href, found);
    return found;
  }

  forget({ url: { href } }: Base): void {
    this.#collections.delete(href);
    this.#names.delete(href);
  }

  /** What the base lists; nothing when it lists nothing, or does not answer soon. */
  names({ url: { href } }: Base): Promise<readonly string[]> {
    let found = this.#names.get(href);
    if (found === undefined) {
      found = this.#list(href).catch(() => []);
      this.#names.set(href, found);
    }
    return found;
  }

  /** Nothing that was asked for is still on its way. */
  async settled(): Promise<void> {
    await Promise.all(this.#names.values());
  }

  async #schema(url: URL, base: string, signal: AbortSignal): Promise<RecordFields> {
    const origin = new URL(base).origin;
    if (url.origin !== origin)
      throw new CommandError(
        EXIT.failure,
        `Cannot ask for the fields: the schema is on another server, ${url.origin}. Send the record itself: post NAME {…}`,
      );
    const response = await this.#ask("GET", url.href, "application/schema+json, application/json", {
      signal,
    });
    try {
      if (response.status !== 200) throw new Error(`the server answered ${response.status}`);
      return readFields(JSON.parse((await response.body.bytes(MOST_SCHEMA)).toString("utf8")));
    } catch (error) {
      response.body.discard();
      signal.throwIfAborted();
      throw unusable(url, error);
    }
  }

  async #list(href: string): Promise<readonly string[]> {
    const response = await this.#ask("GET", href, "application/json", { totalTimeout: PATIENCE });
    const { status, fields, body } = response;
    if (status !== 200 || !/^application\/json\b/i.test(fields.get("content-type") ?? "")) {
      body.discard();
      return [];
    }
    const text = (await body.bytes(MOST_NAMES_BYTES)).toString("utf8");
    return namesIn(JSON.parse(text)).slice(0, MOST_NAMES);
  }

  async #ask(
    method: string,
    href: string,
    accept: string | undefined,
    options: RequestOptions,
  ): Promise<ClientResponse> {
    const { fields, omit, socketPath, connection } = await this.#plan(method, href, accept);
    return this.#client.request(href, {
      method,
      fields: new Fields(fields),
      omit,
      socketPath,
      connection,
      redirect: "manual",
      ...options,
    });
  }
}

function unusable({ href }: URL, cause: unknown): CommandError {
  const why = (cause as Error).message.replace(/^Cannot use the schema: /, "");
  return new CommandError(
    EXIT.failure,
    `Cannot use the schema at ${href}: ${why}. Send the record itself: post NAME {…}`,
    { cause },
  );
}

/** The target of the first link of that relation (RFC 8288, 3). */
export function describedBy(link: string | undefined): string | undefined {
  for (const [, target = "", parameters = ""] of (link ?? "").matchAll(/<([^>]*)>((?:[^<"]|"[^"]*")*)/g))
    if (/;\s*rel\s*=\s*(?:"(?:[^"]*\s)?describedby(?:\s[^"]*)?"|describedby\b)/i.test(parameters))
      return target;
  return undefined;
}

/** Of a folder's listing, of a list of keys, and of a collection of records. */
export function namesIn(listing: unknown): string[] {
  if (Array.isArray(listing)) return listing.flatMap((entry) => nameOf(entry, "name"));
  if (typeof listing !== "object" || listing === null) return [];
  const { keys } = listing as { keys?: unknown };
  return Array.isArray(keys) ? keys.flatMap((entry) => nameOf(entry, "key")) : Object.keys(listing);
}

function nameOf(entry: unknown, member: string): string[] {
  if (typeof entry !== "object" || entry === null) return [];
  const { [member]: name, kind } = entry as { readonly [name: string]: unknown };
  if (typeof name !== "string") return [];
  return [kind === "folder" && !name.endsWith("/") ? `${name}/` : name];
}
