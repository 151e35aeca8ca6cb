// Variables that are given from outside, and that a .http file defines as well.

import type { Entry, HurlFile, RequestSection } from "../hurl/tree.ts";

/** The file without its own definitions of the variables that are given: those win. */
export function withGiven(file: HurlFile, given: { has(name: string): boolean }): HurlFile {
  const section = (one: RequestSection): RequestSection => {
    if (one.kind !== "options") return one;
    const items = one.items.filter(
      ({ value }) => value.kind !== "variable-definition" || !given.has(value.name),
    );
    return { ...one, items };
  };
  const entry = (one: Entry): Entry => {
    return { ...one, request: { ...one.request, sections: one.request.sections.map(section) } };
  };
  return { ...file, entries: file.entries.map(entry) };
}
