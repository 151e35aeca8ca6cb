// A call of a run as a request that can be written down for another tool.

import type { ConnectionChoice, ShownRequest } from "../../message/as/shown-request.ts";
import { Fields } from "../../protocol/fields.ts";
import type { Call } from "./outcome.ts";
import type { EntryOptions } from "./settings.ts";

/**
 * What was sent, cookies and credentials included, with the options of its entry. What is secret is struck out here,
 * before a tool's own way of quoting makes another text of it.
 */
export function shownCall(
  { request }: Call,
  options: EntryOptions,
  redact: (text: string) => string,
): ShownRequest {
  const { method, url, head, fields, body } = request;
  const target = /^\S+ (\S+) /.exec(head)?.[1];
  const usual = /^[^:]*:\/\/[^/?#]*([^#]*)/.exec(url)?.[1];
  return {
    method,
    url: redact(url),
    target: target === undefined || target === usual ? undefined : redact(target),
    socketPath: options.unixSocket,
    fields: redactedFields(fields, redact),
    omit: [],
    body: body.length === 0 ? undefined : redactedBytes(body, redact),
    compressed: false,
    connection: choicesOf(options).map(([name, value]) => [name, value && redact(value)]),
    chunked: /^transfer-encoding:/im.test(head),
  };
}

function choicesOf(options: EntryOptions): ConnectionChoice[] {
  const {
    cacert,
    cert,
    connectTo,
    http,
    insecure,
    ipFamily,
    key,
    limitRate,
    pinnedPublicKey,
    proxy,
    resolve,
  } = options;
  const flags = { "http1.0": http === "1.0", insecure, ipv4: ipFamily === 4, ipv6: ipFamily === 6 };
  const values = { cacert, cert, key, pinnedpubkey: pinnedPublicKey, proxy };
  return [
    ...Object.entries(flags).flatMap(([name, on]): ConnectionChoice[] => (on ? [[name, undefined]] : [])),
    ...Object.entries(values).flatMap(([name, value]): ConnectionChoice[] =>
      value === undefined ? [] : [[name, value]],
    ),
    ...connectTo.map((rule): ConnectionChoice => ["connect-to", rule]),
    ...resolve.map((rule): ConnectionChoice => ["resolve", rule]),
    ...(limitRate === 0 ? [] : [["limit-rate", String(limitRate)] as const]),
  ];
}

function redactedFields(fields: Fields, redact: (text: string) => string): Fields {
  return new Fields([...fields].map(([name, value]) => [redact(name), redact(value)] as const));
}

/** A secret is known as the bytes of its UTF-8, too. */
function redactedBytes(body: Uint8Array, redact: (text: string) => string): Uint8Array {
  const each = Buffer.from(body.buffer, body.byteOffset, body.length).toString("latin1");
  const cleared = redact(each);
  return cleared === each ? body : Buffer.from(cleared, "latin1");
}
