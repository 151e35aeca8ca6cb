// Puts something at the beginning of a page's body and leaves every other byte as it is. Pure: bytes and a piece
// in, bytes or a refusal out.

import { escapeHtml } from "../../message/problem.ts";
import {
  declaredEncodings,
  findOpening,
  isInBody,
  type ParsedPage,
  parsePage,
  swallowsWhatFollows,
} from "./place.ts";
import { decodeUtf8, encodingOf, isAscii } from "./text.ts";

/** What is to be inserted: text becomes a heading, markup stays as it is. */
export interface Piece {
  readonly kind: "text" | "markup";
  readonly text: string;
}

export type Insertion =
  | { readonly kind: "inserted"; readonly bytes: Uint8Array }
  /** `why` goes on after "Cannot insert this: ". */
  | { readonly kind: "refused"; readonly reason: InsertionRefusal; readonly why: string };

export type InsertionRefusal =
  /** The page is not in UTF-8, or says so. */
  | "ENCODING"
  /** The page has no body, or no place where one could begin. */
  | "NO_BODY"
  /** The piece itself cannot stand in a page. */
  | "PIECE";

/**
 * Inserts a piece as the first child of a page's body: on a line of its own, indented like the child that follows it,
 * with the page's own line breaks. The rest of the page stays byte for byte, and so does markup: its lines are not indented, as
 * that would change what is in a `<pre>`.
 */
export function insertIntoPage(page: Uint8Array, piece: Piece): Insertion {
  const decoded = decodeUtf8(page);
  if (decoded === undefined) return refused("ENCODING", `the page is not in UTF-8. ${CONVERT}`);
  const fault = faultOf(piece);
  if (fault !== undefined) return refused("PIECE", fault);
  const { text, mark } = decoded;
  const parsed = parsePage(text);
  // A byte order mark decides, whatever the page says.
  const foreign = mark > 0 ? undefined : foreignEncoding(parsed, piece);
  if (foreign !== undefined) return refused("ENCODING", foreign);

  const opening = findOpening(parsed);
  if (opening === undefined) return refused("NO_BODY", NO_BODY);
  const content = contentOf(piece);
  const { at, before, lineBreak, after } = opening;
  // Markup that ends its last line itself needs no second line break.
  const line = `${before}${content}${content.endsWith("\n") ? "" : lineBreak}${after}`;
  if (!opening.tagged && piece.kind === "markup") {
    const start = at + before.length;
    const whole = text.slice(0, at) + line + text.slice(at);
    if (!isInBody(whole, start, start + content.length)) return refused("NO_BODY", HEAD_FIRST);
  }
  const split = mark + Buffer.byteLength(text.slice(0, at), "utf8");
  const bytes = Buffer.concat([page.subarray(0, split), Buffer.from(line, "utf8"), page.subarray(split)]);
  return { kind: "inserted", bytes };
}

const CONVERT = "Convert it, and then try again";
const NO_BODY =
  "the page has no body that it could begin: it is a frameset, ends within a comment, a script or the like, or is too broken to tell";
const HEAD_FIRST =
  "the page has no <body> tag, and what is sent would become a part of its head. Write the tag into the page, or wrap what is sent in a <div>";

function refused(reason: InsertionRefusal, why: string): Insertion {
  return { kind: "refused", reason, why };
}

function faultOf({ kind, text }: Piece): string | undefined {
  // Parsers drop it.
  if (text.includes("\0")) return "it has a NUL in it, which no page can hold";
  if (kind === "text" || !swallowsWhatFollows(text)) return undefined;
  return "it ends within a comment, a tag, a script or the like, and the rest of the page would become a part of that";
}

function foreignEncoding(page: ParsedPage, piece: Piece): string | undefined {
  for (const label of declaredEncodings(page)) {
    switch (encodingOf(label)) {
      case "utf-8":
        break;
      case "ascii":
        if (isAscii(page.text) && isAscii(piece.text)) break;
        return `the page says that it is in ASCII, and not all of it would be. Let it say "utf-8"`;
      case "other":
        return `the page says that it is in ${JSON.stringify(label.slice(0, 40))}, and only UTF-8 is written here. ${CONVERT}`;
    }
  }
  return undefined;
}

/** A line break at the end of a text ends its last line, and is not in the heading. */
function contentOf({ kind, text }: Piece): string {
  return kind === "markup" ? text : `<h2>${escapeHtml(text.replace(/\r?\n$/, ""))}</h2>`;
}
