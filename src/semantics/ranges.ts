// Byte ranges: RFC 9110, 14. Knows numbers of bytes, not files. Whether Range counts at all (only on GET, after
// the preconditions and If-Range) is for the caller to know.

/** Positions of the first and the last byte, both included, counted from 0. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** "ignored": answer 200 with the whole; "unsatisfiable": 416; "ranges": 206 with these, at least one. */
export type RangeVerdict =
  | { readonly kind: "ignored" }
  | { readonly kind: "unsatisfiable" }
  | { readonly kind: "ranges"; readonly ranges: readonly ByteRange[] };

/**
 * How many ranges one field may ask for; with more it is ignored. Each costs a read and
 * between 100 and 200 bytes of part head, so 100 of them add less than 20 KiB to the file itself.
 * Readers of documents and archives, who do ask for several, ask for a dozen or two.
 */
export const MAX_RANGES = 100;

const UNIT = /^bytes=/i;
// Nothing but white space is an empty list element, which counts for nothing.  RFC 9110, 5.6.1.2
const SPEC = /^[ \t]*(?:(\d*)-(\d*)[ \t]*)?$/;

const IGNORED: RangeVerdict = { kind: "ignored" };
const UNSATISFIABLE: RangeVerdict = { kind: "unsatisfiable" };

/**
 * Reads a Range field for a representation of `size` bytes. Ranges are cut to the size, those that
 * cannot be satisfied are left out, and the rest keep the order of the field. Ranges that overlap or
 * touch become one, in the place of the first of them, so that no byte is ever sent twice and the
 * answer cannot be made larger than the file by more than its part heads.
 *
 * Another unit, a mistake in any range and more than MAX_RANGES of them make the field ignored, and so
 * does a suffix of an empty representation.  RFC 9110, 14.2 and 17.15
 */
export function parseRange(value: string, size: number): RangeVerdict {
  if (!UNIT.test(value)) return IGNORED;
  const ranges: ByteRange[] = [];
  let specs = 0;
  for (const element of value.slice("bytes=".length).split(",")) {
    const match = SPEC.exec(element);
    if (match === null) return IGNORED;
    const [, from, to] = match;
    if (from === undefined || to === undefined) continue;
    specs += 1;
    const range = specs > MAX_RANGES ? "ignored" : locate(from, to, size);
    if (range === "ignored") return IGNORED;
    if (range !== undefined) ranges.push(range);
  }
  if (specs === 0) return IGNORED;
  if (ranges.length === 0) return UNSATISFIABLE;
  return { kind: "ranges", ranges: ranges.length === 1 ? ranges : coalesce(ranges) };
}

/** Writes the Content-Range of one part: `bytes 0-1/10`.  RFC 9110, 14.4 */
export function contentRange(range: ByteRange, size: number): string {
  return `bytes ${range.first}-${range.last}/${size}`;
}

/** Writes the Content-Range of a 416: a star for the range, then the size.  RFC 9110, 14.4 */
export function unsatisfiedRange(size: number): string {
  return `bytes */${size}`;
}

// `undefined` for a range that is well formed and lies outside of the representation.
function locate(from: string, to: string, size: number): ByteRange | "ignored" | undefined {
  if (from === "" && to === "") return "ignored";

  // Digits past 2^53 lose precision, or become Infinity, and stay larger than any size all the same.
  const last = to === "" ? Number.POSITIVE_INFINITY : Number(to);
  if (from === "") {
    if (last === 0) return undefined;
    // Satisfiable by RFC 9110, 14.1.2, though no Content-Range could describe it: the whole, which is empty, does.
    return size === 0 ? "ignored" : { first: Math.max(0, size - last), last: size - 1 };
  }

  const first = Number(from);
  if (to !== "" && descends(first, last, from, to)) return "ignored";
  return first < size ? { first, last: Math.min(last, size - 1) } : undefined;
}

function descends(first: number, last: number, from: string, to: string): boolean {
  return Number.isSafeInteger(first) && Number.isSafeInteger(last) ? last < first : BigInt(to) < BigInt(from);
}

function coalesce(ranges: readonly ByteRange[]): readonly ByteRange[] {
  const byStart = ranges.map((range, place) => ({ ...range, place })).sort((a, b) => a.first - b.first);
  const merged: typeof byStart = [];
  for (const range of byStart) {
    const previous = merged.at(-1);
    if (previous !== undefined && range.first <= previous.last + 1) {
      previous.last = Math.max(previous.last, range.last);
      previous.place = Math.min(previous.place, range.place);
    } else {
      merged.push(range);
    }
  }
  if (merged.length === ranges.length) return ranges;
  return merged.sort((a, b) => a.place - b.place).map(({ first, last }) => ({ first, last }));
}
