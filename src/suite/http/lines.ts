// The lines of an `.http` file: where one ends, and what it looks like. Knows nothing of what it belongs to.
import type { Scanner } from "../hurl/scanner.ts";
import type { Comment, LineEnd, Position } from "../hurl/tree.ts";

/** The line at the cursor up to its newline, which is not part of it. */
export function restOfLine(scanner: Scanner): string {
  return scanner.text.slice(scanner.offset, lineEnd(scanner));
}

/** The offset at which the line under the cursor ends, before its newline. */
export function lineEnd(scanner: Scanner): number {
  const newline = scanner.text.indexOf("\n", scanner.offset);
  if (newline === -1) return scanner.text.length;
  return newline > scanner.offset && scanner.text[newline - 1] === "\r" ? newline - 1 : newline;
}

/** The same without the white space before the newline. */
export function textEnd(scanner: Scanner): number {
  return scanner.offset + restOfLine(scanner).trimEnd().length;
}

/** Passes what is left of the line, as text that means nothing here, and its newline. */
export function endLine(scanner: Scanner): LineEnd {
  const start = scanner.position;
  const rest = restOfLine(scanner);
  scanner.advance(rest.length);
  scanner.emit(rest.trim() === "" ? "space" : "comment");
  return passNewline(scanner, start);
}

/** Passes a comment and its newline; `marks` are what it begins with. */
export function readComment(scanner: Scanner, marks: RegExp): LineEnd & { readonly comment: Comment } {
  const start = scanner.position;
  const line = restOfLine(scanner);
  const opening = marks.exec(line)?.[0] ?? "";
  scanner.advance(line.length);
  const comment = { text: line.slice(opening.length), source: scanner.since(start) };
  scanner.emit("comment");
  return { ...passNewline(scanner, start), comment };
}

/** The end of a line that is not in the file. */
export function noLineEnd(at: Position): LineEnd {
  return { comment: undefined, source: { start: at, end: at } };
}

function passNewline(scanner: Scanner, start: Position): LineEnd {
  scanner.advance(scanner.char === "\r" ? 2 : 1);
  scanner.emit("newline");
  return { comment: undefined, source: scanner.since(start) };
}
