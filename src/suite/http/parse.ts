// An `.http` or `.rest` file in the forms of VS Code's REST Client, JetBrains' HTTP Client and httpyac, from text to
// the tree that Hurl files have. Tokens and positions are those of the file itself; what stands in the tree and not
// in the file has an empty place.
import type { HurlFile } from "../hurl/tree.ts";
import { entriesOf } from "./entries.ts";
import { readRegions } from "./regions.ts";

/** Reads an `.http` file; throws `HurlSyntaxError` at its first fault, or at what has no meaning here. */
export function parseHttpFile(text: string): HurlFile {
  const { regions, tokens, source } = readRegions(text);
  const last = regions.at(-1);
  const after = last?.line === undefined ? (last?.before ?? []) : [];
  return { entries: entriesOf(regions, text), after, tokens, source };
}
