// Which exchanges a filter lets pass.

import type { Exchange } from "../model.ts";
import type { Flow, LadderFilter } from "./ladder.ts";

/**
 * The numbers of the exchanges of a connection that pass; undefined when the connection is not to be shown, as none of
 * them does. A filter by connection alone shows the connection whatever is in it.
 */
export function passing(
  { connection, exchanges }: Flow,
  filter: LadderFilter,
): ReadonlySet<number> | undefined {
  if (filter.connections !== undefined && !filter.connections.includes(connection.id)) return undefined;
  const numbers = exchanges.filter((exchange) => passes(exchange, filter)).map(({ number }) => number);
  const asksForExchanges = (filter.hosts ?? filter.methods ?? filter.statuses) !== undefined;
  return asksForExchanges && numbers.length === 0 ? undefined : new Set(numbers);
}

function passes({ request, response }: Exchange, { hosts, methods, statuses }: LadderFilter): boolean {
  if (methods !== undefined && !methods.some((method) => method === request?.head.method)) return false;
  if (statuses !== undefined && !statuses.some((status) => isStatus(response?.head.status, status)))
    return false;
  return hosts === undefined || hosts.some((host) => isHost(hostOf(request), host));
}

function isStatus(status: number | undefined, wanted: string): boolean {
  if (status === undefined) return false;
  return /^\dxx$/i.test(wanted) ? String(status)[0] === wanted[0] : String(status) === wanted;
}

/** The host that a request is for: an absolute target counts before Host (RFC 9112, 3.2.2). */
function hostOf(request: Exchange["request"]): string | undefined {
  if (request === undefined) return undefined;
  const { rawTarget, fields } = request.head;
  return /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(rawTarget)?.[1] ?? fields.get("host");
}

function isHost(host: string | undefined, wanted: string): boolean {
  if (host === undefined) return false;
  const have = host.toLowerCase();
  const want = wanted.toLowerCase();
  return have === want || have.replace(/:\d*$/, "") === want;
}
