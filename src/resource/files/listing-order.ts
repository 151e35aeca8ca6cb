// The order of a listing, as its query asks for it.

import type { Entry } from "../../store/tree.ts";

const COLUMNS = ["name", "size", "time"] as const;
export type Column = (typeof COLUMNS)[number];

export interface Order {
  readonly column: Column;
  readonly descending: boolean;
}

/** Reads `sort` and `order` from a query; what cannot be read is as if it were not there. */
export function orderOf(query: string | undefined): Order {
  const parameters = new URLSearchParams(query ?? "");
  const column = COLUMNS.find((name) => name === parameters.get("sort")) ?? "name";
  return { column, descending: parameters.get("order") === "desc" };
}

// "2" before "10", small letters beside capitals; the same on every machine.
const COLLATOR = new Intl.Collator("en", { numeric: true });

const COMPARE: { readonly [column in Column]: (a: Entry, b: Entry) => number } = {
  name: (a, b) => COLLATOR.compare(a.name, b.name),
  size: (a, b) => sizeOf(a) - sizeOf(b),
  time: (a, b) => a.info.modified - b.info.modified,
};

/** Sorts entries: folders come first in either direction, and have no size. Equal ones are in the order of their names. */
export function sorted(entries: readonly Entry[], { column, descending }: Order): readonly Entry[] {
  const compare = COMPARE[column];
  return entries.toSorted((a, b) => {
    if (a.info.kind !== b.info.kind) return a.info.kind === "folder" ? -1 : 1;
    return (descending ? compare(b, a) : compare(a, b)) || COMPARE.name(a, b);
  });
}

function sizeOf({ info }: Entry): number {
  return info.kind === "file" ? info.size : 0;
}
