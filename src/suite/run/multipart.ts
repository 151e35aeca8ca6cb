// multipart/form-data (RFC 7578): parts to bytes. Knows neither where the parts come from nor who sends them.

import { randomBytes } from "node:crypto";

/** A field of a form; a file when it has a file name. */
export interface Part {
  readonly name: string;
  readonly content: Uint8Array;
  /** What is before the last slash is not sent. */
  readonly fileName?: string | undefined;
  readonly contentType?: string | undefined;
}

// Those that Hurl documents: a test file means the same request everywhere.
const TYPES: ReadonlyMap<string, string> = new Map([
  ["gif", "image/gif"],
  ["htm", "text/html"],
  ["html", "text/html"],
  ["jpeg", "image/jpeg"],
  ["jpg", "image/jpeg"],
  ["pdf", "application/pdf"],
  ["png", "image/png"],
  ["svg", "image/svg+xml"],
  ["txt", "text/plain"],
  ["xml", "application/xml"],
]);

/** The media type of a file in a form, by its extension. */
export function partType(fileName: string): string {
  const extension = /\.([^./\\]+)$/.exec(fileName)?.[1] ?? "";
  return TYPES.get(extension.toLowerCase()) ?? "application/octet-stream";
}

/** A boundary that stands in none of the parts (RFC 2046, 5.1.1). */
export function chooseBoundary(parts: readonly Part[]): string {
  for (;;) {
    const boundary = `${"-".repeat(24)}${randomBytes(11).toString("hex")}`;
    if (
      !parts.some(({ content }) =>
        Buffer.from(content.buffer, content.byteOffset, content.length).includes(boundary),
      )
    ) {
      return boundary;
    }
  }
}

/** The body of a form; `boundary` must stand in none of its parts. */
export function multipartBody(parts: readonly Part[], boundary: string): Uint8Array {
  const pieces = parts.flatMap((part) => [
    Buffer.from(`--${boundary}\r\n${partHead(part)}\r\n`, "utf8"),
    part.content,
    Buffer.from("\r\n", "latin1"),
  ]);
  return new Uint8Array(Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`, "utf8")]));
}

function partHead({ name, fileName, contentType }: Part): string {
  const file = fileName === undefined ? "" : `; filename="${quotable(fileName.replace(/^.*[/\\]/s, ""))}"`;
  const type = contentType === undefined ? "" : `Content-Type: ${contentType}\r\n`;
  return `Content-Disposition: form-data; name="${quotable(name)}"${file}\r\n${type}`;
}

/** UTF-8 as it is, and percent-encoded what would end the string or the line, as browsers do (RFC 7578, 4.2). */
function quotable(text: string): string {
  return text.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
