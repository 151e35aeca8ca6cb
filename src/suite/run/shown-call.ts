// A call of a run as a request that can be written down for another tool.

import type { ShownRequest } from "../../message/as/shown-request.ts";
import type { Call } from "./outcome.ts";

/** What was sent, cookies and credentials included; `socketPath` where it was sent to a UNIX socket. */
export function shownCall({ request }: Call, socketPath: string | undefined): ShownRequest {
  const { method, url, head, fields, body } = request;
  const target = /^\S+ (\S+) /.exec(head)?.[1];
  const usual = /^[^:]*:\/\/[^/?#]*([^#]*)/.exec(url)?.[1];
  return {
    method,
    url,
    target: target === usual ? undefined : target,
    socketPath,
    fields,
    omit: [],
    body: body.length === 0 ? undefined : body,
    compressed: false,
    chunked: /^transfer-encoding:/im.test(head),
  };
}
