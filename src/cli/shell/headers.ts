// The fields that every request of the shell is sent with: set, left out, forgotten.

import { basicAuthorization } from "../../client/auth/basic.ts";
import { requestFields } from "../../client/request-fields.ts";
import type { HttpUrl } from "../../client/url.ts";
import { Fields } from "../../protocol/fields.ts";
import { fieldBytes } from "../../text/field-text.ts";
import { CommandError, EXIT } from "../exit-codes.ts";
import type { Item } from "../items.ts";
import type { Credentials } from "./line.ts";

/** Fields that say who asks: not shown, not kept in a history, not sent to another server. */
const SECRET = /^(?:(?:proxy-)?authorization|(?:set-)?cookie2?|.*(?:api-?key|token|secret|password).*)$/i;

export function isSecretField(name: string): boolean {
  return SECRET.test(name);
}

export class DefaultHeaders {
  /** By name in lower case; a value that is undefined leaves the field out. */
  readonly #fields = new Map<string, { readonly name: string; readonly value: string | undefined }>();

  /** An empty value leaves the field out. Throws CommandError for what cannot be sent. */
  set(name: string, value: string): void {
    const key = name.toLowerCase();
    if (value === "" && key === "host")
      throw new CommandError(EXIT.usage, "Cannot leave Host out: HTTP/1.1 has no request without it");
    try {
      new Fields().append(name, fieldBytes(value));
    } catch (error) {
      throw unsendable(error);
    }
    this.#fields.set(key, { name, value: value === "" ? undefined : value });
  }

  /** Whether there was one. */
  unset(name: string): boolean {
    return this.#fields.delete(name.toLowerCase());
  }

  authorize(credentials: Credentials): void {
    const value =
      credentials.kind === "bearer" ? `Bearer ${credentials.token}` : basicAuthorization(credentials.pair);
    this.set("Authorization", value);
  }

  /** Forgets what is for one server only; returns the names. */
  forgetSecrets(): string[] {
    const secret = [...this.#fields.values()].filter(({ name }) => isSecretField(name));
    for (const { name } of secret) this.unset(name);
    return secret.map(({ name }) => name);
  }

  get names(): string[] {
    return [...this.#fields.values()].map(({ name }) => name);
  }

  /** As items of a request that has some of its own, which go before these. */
  items(own: readonly Item[]): Item[] {
    const given = new Set(
      own.flatMap((item) =>
        item.kind === "header" || item.kind === "remove" ? [item.name.toLowerCase()] : [],
      ),
    );
    const items: Item[] = [];
    for (const [key, { name, value }] of this.#fields) {
      if (given.has(key)) continue;
      items.push(
        value === undefined ? { kind: "remove", name } : { kind: "header", name, value, fromFile: false },
      );
    }
    return items;
  }

  /** What a request without a body is sent with; of secrets only that they are. */
  shown(url: HttpUrl): [string, string][] {
    const omit: string[] = [];
    const given = new Fields();
    for (const [key, { name, value }] of this.#fields) {
      if (value === undefined) omit.push(key);
      else given.append(name, fieldBytes(value));
    }
    return [...requestFields(url, given, true, omit)].map(([name, value]) => [
      name,
      isSecretField(name) ? `${/^(?:Basic|Bearer) /.exec(value)?.[0] ?? ""}${fieldBytes("…")}` : value,
    ]);
  }
}

function unsendable(cause: unknown): CommandError {
  return new CommandError(EXIT.usage, (cause as Error).message, { cause });
}
