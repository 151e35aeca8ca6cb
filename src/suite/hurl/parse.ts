// A Hurl file, from text to tree, and from the tree's tokens back to the text.
import { claimLines, skipBlankLines } from "./lines.ts";
import { atResponse, readRequest, readResponse } from "./request.ts";
import { Scanner } from "./scanner.ts";
import type { Entry, HurlFile } from "./tree.ts";

/** Reads a Hurl file (https://hurl.dev/docs/grammar.html); throws `HurlSyntaxError` at its first fault. */
export function parseHurl(text: string): HurlFile {
  const scanner = new Scanner(text);
  const start = scanner.position;
  const entries: Entry[] = [];
  for (skipBlankLines(scanner); !scanner.atEnd; skipBlankLines(scanner)) entries.push(readEntry(scanner));
  return { entries, after: claimLines(scanner), tokens: scanner.tokens, source: scanner.since(start) };
}

/** The text of a file as it was read, character for character. */
export function printHurl(file: Pick<HurlFile, "tokens">): string {
  return file.tokens.map((token) => token.text).join("");
}

function readEntry(scanner: Scanner): Entry {
  const request = readRequest(scanner);
  const response = atResponse(scanner) ? readResponse(scanner) : undefined;
  const source = { start: request.source.start, end: (response ?? request).source.end };
  return { request, response, source };
}
