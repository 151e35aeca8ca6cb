// What a server says of how long it keeps a connection (RFC 2068, 19.7.1.1; as servers send it).

import type { Fields } from "../protocol/fields.ts";

/** The time that a server says it keeps an unused connection, in milliseconds: "Keep-Alive: timeout=5". */
export function keepAliveOf(fields: Fields): number | undefined {
  const value = fields.get("keep-alive");
  const seconds = value === undefined ? undefined : /(?:^|[,;\s])timeout=(\d{1,9})/i.exec(value)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
