// What the events of a records mount say: of each put its record, if that is still the one that is there.

import type { Request } from "../../message/request.ts";
import type { Response } from "../../message/response.ts";
import type { Change, Key, Row } from "../../store/table.ts";
import { watchResponse } from "../events.ts";
import { rowTag } from "../rows.ts";
import type { RecordsMount } from "./mount.ts";

/** Bytes up to which a record is in its event; a larger one is to be read by its name. */
const TOLD_BYTES = 64 * 1024;

/** Answers a watch of one record, or of all. */
export function watchRecords(request: Request, mount: RecordsMount, key?: Key): Promise<Response> {
  const { table, heartbeat } = mount;
  return watchResponse(request, table, { key, heartbeat, describe: (changes) => describe(changes, mount) });
}

async function describe(
  changes: readonly Change[],
  { table, reader }: RecordsMount,
): Promise<readonly object[]> {
  const puts = changes.filter((change) => change.kind === "put" && change.info.size <= TOLD_BYTES);
  const names = [...new Set(puts.map(({ key }) => key))];
  const rows = new Map<Key, Row>();
  for (const row of names.length === 0 ? [] : await table.getMany(names)) {
    if (row !== undefined) rows.set(row.key, row);
  }
  return changes.map((change) => {
    const { key: name } = change;
    if (change.kind === "remove") return { name, expired: change.expired };
    const { info, created } = change;
    const told = { name, etag: rowTag(info), created };
    const row = rows.get(name);
    // Of a version that is gone, a later event tells what came instead.
    if (row === undefined || row.version !== info.version) return told;
    return { ...told, record: reader.parse(row) ?? null };
  });
}
