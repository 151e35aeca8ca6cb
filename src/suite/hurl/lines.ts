// Spaces, comments and the ends of lines. Knows nothing of what stands on a line.
import type { Scanner } from "./scanner.ts";
import type { Comment, LineEnd, Position } from "./tree.ts";

export function isSpace(char: string): boolean {
  return char === " " || char === "\t";
}

export function skipSpaces(scanner: Scanner): void {
  scanner.takeWhile(isSpace);
  scanner.emit("space");
}

/** Passes at least one space or tab: else `SPACE`. */
export function requireSpaces(scanner: Scanner): void {
  if (!isSpace(scanner.char)) throw scanner.error("SPACE", "expecting a space");
  skipSpaces(scanner);
}

/** Passes the rest of a line, which may only be spaces and a comment. */
export function readLineEnd(scanner: Scanner): LineEnd {
  const start = scanner.position;
  skipSpaces(scanner);
  const comment = scanner.char === "#" ? readComment(scanner) : undefined;
  if (!scanner.atLineEnd) throw scanner.error("EXPECTED", "expecting 'newline'");
  return endLine(scanner, start, comment);
}

/** Passes blank and comment lines and the spaces before what follows; the lines wait for `claimLines`. */
export function skipBlankLines(scanner: Scanner): void {
  for (;;) {
    const start = scanner.position;
    skipSpaces(scanner);
    const comment = scanner.char === "#" ? readComment(scanner) : undefined;
    if (!scanner.atLineEnd) return;
    if (scanner.offset === start.offset && scanner.atEnd) return;
    scanner.pending.push(endLine(scanner, start, comment));
  }
}

/** The blank and comment lines passed since the last construct. */
export function claimLines(scanner: Scanner): readonly LineEnd[] {
  const lines = scanner.pending;
  scanner.pending = [];
  return lines;
}

function readComment(scanner: Scanner): Comment {
  const start = scanner.position;
  while (!scanner.atLineEnd) scanner.advance(1);
  scanner.emit("comment");
  return { text: scanner.slice(start).slice(1), source: scanner.since(start) };
}

function endLine(scanner: Scanner, start: Position, comment: Comment | undefined): LineEnd {
  scanner.advance(scanner.char === "\r" ? 2 : 1);
  scanner.emit("newline");
  return { comment, source: scanner.since(start) };
}
