// The lines of [Captures] and [Asserts]: a query, filters, and a predicate or a name for what was found.
import { readFilters } from "./filters.ts";
import { readKeyAndColon } from "./keys.ts";
import { claimLines, isSpace, readLineEnd } from "./lines.ts";
import { atKeyword, isCapital, isDigit, peekKeyword } from "./literals.ts";
import { readPredicate } from "./predicates.ts";
import { readQuery } from "./queries.ts";
import type { Scanner } from "./scanner.ts";
import { readPlaceholder, readQuoted } from "./templates.ts";
import type { Assert, Capture } from "./tree.ts";

const FILTER_ARGUMENTS = { quoted: readQuoted, placeholder: readPlaceholder };

/** `name: query filters`, perhaps `redact`, and the rest of the line. */
export function readCapture(scanner: Scanner): Capture {
  const before = claimLines(scanner);
  const start = scanner.position;
  const name = readKeyAndColon(scanner);
  const query = readQuery(scanner);
  const filters = isSpace(scanner.char) ? readFilters(scanner, FILTER_ARGUMENTS) : [];
  const redact = afterSpace(scanner) && atKeyword(scanner, "redact") && scanner.take("redact", "keyword");
  // Spaces before a comment are the line's, not the capture's.
  const source = { start, end: redact ? scanner.position : (filters.at(-1) ?? query).source.end };
  return { kind: "capture", before, name, query, filters, redact, ending: readLineEnd(scanner), source };
}

/** Whether a word in small letters begins here that is no body. */
export function atAssert(scanner: Scanner): boolean {
  const word = peekKeyword(scanner);
  const letter = word.charAt(0);
  if (letter === "" || isCapital(letter) || isDigit(letter)) return false;
  if (["true", "false", "null"].some((constant) => atKeyword(scanner, constant))) return false;
  return !["base64,", "hex,", "file,"].some((bytes) => scanner.startsWith(bytes));
}

/** `query filters predicate` and the rest of the line. */
export function readAssert(scanner: Scanner): Assert {
  const before = claimLines(scanner);
  const start = scanner.position;
  const query = readQuery(scanner);
  const filters = isSpace(scanner.char) ? readFilters(scanner, FILTER_ARGUMENTS) : [];
  if (!afterSpace(scanner)) throw scanner.error("SPACE", "expecting a space");
  const predicate = readPredicate(scanner);
  const source = scanner.since(start);
  return { kind: "assert", before, query, filters, predicate, ending: readLineEnd(scanner), source };
}

function afterSpace(scanner: Scanner): boolean {
  return isSpace(scanner.text[scanner.offset - 1] ?? "");
}
