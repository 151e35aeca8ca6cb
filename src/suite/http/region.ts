// A region of an `.http` file, from one `###` to the next: what was found in it, before anything is made of it.
import type {
  Assert,
  FileBytes,
  FileTemplate,
  KeyValue,
  LineEnd,
  Span,
  Template,
  TemplatePart,
  Variable,
  Word,
} from "../hurl/tree.ts";
import type { RequestLine } from "./request-line.ts";
import { noSettings, type Settings } from "./settings.ts";
import { plainText } from "./templates.ts";

/** `@name = value`. */
export interface Definition {
  readonly name: Word;
  readonly value: Template;
  readonly uses: readonly Variable[];
}

/** A line of a body, or a file in the place of one; `newline` is what ends it. */
export type BodyPiece =
  | {
      readonly kind: "line";
      readonly parts: readonly TemplatePart[];
      readonly source: Span;
      readonly newline: Span;
    }
  | {
      readonly kind: "file";
      readonly file: FileBytes | FileTemplate;
      readonly source: Span;
      readonly newline: Span;
    };

export interface Region {
  /** Of its place among the others. */
  readonly index: number;
  title: Word | undefined;
  line: RequestLine | undefined;
  readonly before: LineEnd[];
  readonly headers: KeyValue[];
  readonly body: BodyPiece[];
  readonly asserts: Assert[];
  readonly definitions: Definition[];
  readonly settings: Settings;
  /** The variables that the request itself names. */
  readonly uses: Variable[];
}

/** A region in which nothing has been found yet. */
export function emptyRegion(index: number): Region {
  return {
    index,
    title: undefined,
    line: undefined,
    before: [],
    headers: [],
    body: [],
    asserts: [],
    definitions: [],
    settings: noSettings(),
    uses: [],
  };
}

/** The text that the value of a field begins with, before its first placeholder, in small letters. */
export function fieldText({ headers }: Region, name: string): string {
  const found = headers.find((field) => isNamed(field, name));
  const first = found?.value.parts[0];
  return first?.kind === "text" ? first.value.toLowerCase() : "";
}

/** Whether a field has the name, which is in small letters. */
export function isNamed({ key }: KeyValue, name: string): boolean {
  return plainText(key)?.toLowerCase() === name;
}

export function isBlankPiece(piece: BodyPiece): boolean {
  return (
    piece.kind === "line" && piece.parts.every((part) => part.kind === "text" && part.value.trim() === "")
  );
}
