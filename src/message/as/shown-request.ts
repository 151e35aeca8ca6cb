// A request as data, complete enough to be written down in the language of another tool. Knows none of them.

import type { Fields } from "../../protocol/fields.ts";
import { seen } from "./readable.ts";

/** A request that was sent, or would be. Host, User-Agent, Accept and Accept-Encoding are each tool's own unless given. */
export interface ShownRequest {
  readonly method: string;
  /** Whole; a fragment is not sent. */
  readonly url: string;
  /** The request target where it is not the URL's path and query, such as "*". */
  readonly target?: string | undefined;
  /** The UNIX socket to connect to; the URL says the rest. */
  readonly socketPath?: string | undefined;
  /** What is sent besides the fields that every tool sends; values with a character for each byte. */
  readonly fields: Fields;
  /** Names, in lower case, of fields that a tool sends by itself, and that are not to be sent. */
  readonly omit: readonly string[];
  /** Undefined for none, and where only its file is known. */
  readonly body: Uint8Array | undefined;
  /** The file that the body came from: then the file is named in place of its bytes. */
  readonly bodyFile?: string | undefined;
  /** Whether a compressed answer is asked for, and shown decompressed. */
  readonly compressed: boolean;
  /** Whether redirects are followed. Default false. */
  readonly follow?: boolean | undefined;
  /** Whether the body goes in chunks, without Content-Length. Default false. */
  readonly chunked?: boolean | undefined;
  /** How its connection is made, beyond what the URL says. */
  readonly connection?: readonly ConnectionChoice[] | undefined;
}

/** An option by the name that curl and Hurl have for it, such as "insecure" or "cacert"; undefined: it has no value. */
export type ConnectionChoice = readonly [name: string, value: string | undefined];

/** What is to be said of a body. An empty one is none: what a method says of its length is told by the method. */
export type ShownBody =
  | { readonly kind: "none" }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array };

export function shownBody({ body, bodyFile }: ShownRequest): ShownBody {
  if (body?.length === 0) return { kind: "none" };
  if (bodyFile !== undefined) return { kind: "file", path: bodyFile };
  return body === undefined ? { kind: "none" } : { kind: "bytes", bytes: body };
}

/** The fields to write down. Framing is for whoever sends the body, and a Host that the URL says need not be said. */
export function shownFields({ fields, url }: ShownRequest): (readonly [name: string, value: string])[] {
  const authority = /^[a-z]+:\/\/([^/?#]*)/i.exec(url)?.[1]?.toLowerCase();
  return [...fields].filter(([name, value]) => {
    const key = name.toLowerCase();
    if (key === "content-length" || key === "transfer-encoding") return false;
    return key !== "host" || value.toLowerCase() !== authority;
  });
}

export function isChunked({ chunked, fields }: ShownRequest): boolean {
  return chunked === true || fields.has("transfer-encoding");
}

/** Whether the tool is to ask for a coding and undo it. With Range it must not: a part cannot be decompressed. */
export function asksForCoding({ compressed, fields, omit }: ShownRequest): boolean {
  return (
    compressed && !omit.includes("accept-encoding") && !fields.has("accept-encoding") && !fields.has("range")
  );
}

/** The URL without what is never sent. */
export function urlWithoutFragment({ url }: ShownRequest): string {
  return url.replace(/#.*$/s, "");
}

/** Fields of the tool's own that the request does not have, as they are spelled. */
export function omitted({ omit, fields }: ShownRequest, names: readonly string[]): string[] {
  return names.filter((name) => omit.includes(name.toLowerCase()) && !fields.has(name));
}

/** For tools that cannot say how a connection is made. */
export function connectionRemark([name, value]: ConnectionChoice): string {
  return `Its connection is made with ${name}${value === undefined ? "" : ` ${seen(value)}`}: not said here`;
}
