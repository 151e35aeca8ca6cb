// A call of a run as a request that can be written down for another tool.

import type { ConnectionChoice, ShownRequest } from "../../message/as/shown-request.ts";
import type { Call } from "./outcome.ts";
import type { EntryOptions } from "./settings.ts";

/** What was sent, cookies and credentials included, with the options of its entry. */
export function shownCall({ request }: Call, options: EntryOptions): ShownRequest {
  const { method, url, head, fields, body } = request;
  const target = /^\S+ (\S+) /.exec(head)?.[1];
  const usual = /^[^:]*:\/\/[^/?#]*([^#]*)/.exec(url)?.[1];
  return {
    method,
    url,
    target: target === usual ? undefined : target,
    socketPath: options.unixSocket,
    fields,
    omit: [],
    body: body.length === 0 ? undefined : body,
    compressed: false,
    connection: choicesOf(options),
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
