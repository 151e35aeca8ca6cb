// A body of texts and files one after another, as `.http` files have them. Knows how such a file's own text is
// read, and nothing of whose body it is.

import { Failure } from "../failure.ts";
import { readTemplate } from "../http/templates.ts";
import { HurlSyntaxError } from "../hurl/errors.ts";
import { Scanner } from "../hurl/scanner.ts";
import type { FileTemplate, MixedBody, Span } from "../hurl/tree.ts";
import type { Evaluation } from "../values/value.ts";

/** The bytes of the pieces, and their text unless one of them is a file as it is. Throws Failure. */
export function mixedBytes(
  { pieces }: MixedBody,
  evaluation: Evaluation,
): { readonly bytes: Uint8Array; readonly text: string | undefined } {
  const read = pieces.map((piece) => pieceContent(piece, evaluation));
  const texts = read.filter((piece) => typeof piece === "string");
  const bytes = Buffer.concat(read.map((piece) => (typeof piece === "string" ? Buffer.from(piece) : piece)));
  return { bytes: new Uint8Array(bytes), text: texts.length === read.length ? texts.join("") : undefined };
}

function pieceContent(piece: MixedBody["pieces"][number], evaluation: Evaluation): string | Uint8Array {
  switch (piece.kind) {
    case "string":
      return evaluation.text(piece.value);
    case "file-template":
      return fileText(piece, evaluation);
    case "file":
      return evaluation.bytes(piece);
  }
}

/** The text of a file, with values in the place of its placeholders. What is wrong in it is said at its name. */
function fileText({ name, encoding, source }: FileTemplate, evaluation: Evaluation): string {
  const bytes = evaluation.bytes({ kind: "file", name, source });
  const text = decoded(bytes, encoding ?? "utf-8", name.source);
  try {
    return evaluation.text(readTemplate({ scanner: new Scanner(text), uses: [] }, text.length));
  } catch (error) {
    throw inside(error, evaluation.text(name), name.source);
  }
}

function decoded(bytes: Uint8Array, encoding: string, source: Span): string {
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch (cause) {
    throw unknownCharset(encoding, source, cause);
  }
}

function unknownCharset(encoding: string, source: Span, cause: unknown): Failure {
  return new Failure("CHARSET", source, `the charset '${encoding}' is not valid`, { cause });
}

/** The error as one of the test file: in which file, and on which line of it. */
function inside(error: unknown, file: string, source: Span): unknown {
  if (error instanceof HurlSyntaxError) {
    const place = `line ${error.position.line} of ${file}`;
    return new Failure("INVALID_VALUE", source, `${error.expected} (${place})`, { cause: error });
  }
  if (!(error instanceof Failure) || error.detail.form !== "caret") return error;
  const place = `line ${error.source.start.line} of ${file}`;
  return new Failure(error.code, source, `${error.detail.text} (${place})`, { cause: error });
}
