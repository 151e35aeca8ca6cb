// Heads and JSON in colours. Texts in, texts out.

import { fieldText } from "../text/field-text.ts";
import { printableLine } from "../text/printable.ts";
import { formatJson, type JsonPart } from "./json-format.ts";
import type { Painter, Style } from "./terminal.ts";

/** A start line and field lines as text: one character for each byte, lines ended by CRLF or LF. */
export interface ShownHead {
  readonly kind: "request" | "response";
  readonly startLine: string;
  readonly fields: Iterable<readonly [string, string]>;
}

/** The lines of a head, each ended by a line feed, without the empty line behind them. */
export function paintHead({ kind, startLine, fields }: ShownHead, paint: Painter): string {
  const line = readable(startLine);
  return `${kind === "request" ? paintRequestLine(line, paint) : paintStatusLine(line, paint)}\n${paintFields(fields, paint)}`;
}

export function paintFields(fields: Iterable<readonly [string, string]>, paint: Painter): string {
  let text = "";
  for (const [name, value] of fields)
    text += `${paint("cyan", name)}${paint("dim", ":")} ${readable(value)}\n`;
  return text;
}

/** Takes a head as it was sent apart. Its fields are those that we wrote, so a line is a name and a value. */
export function takeHeadApart(head: string): {
  readonly startLine: string;
  readonly fields: [string, string][];
} {
  const [startLine = "", ...lines] = head.trimEnd().split("\r\n");
  return {
    startLine,
    fields: lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  };
}

export function statusStyle(status: number): Style {
  if (status < 200) return "dim";
  if (status < 300) return "green";
  if (status < 400) return "cyan";
  return status < 500 ? "yellow" : "red";
}

const JSON_STYLES: { readonly [part in JsonPart]: Style } = {
  name: "blue",
  string: "green",
  number: "cyan",
  literal: "magenta",
  mark: "dim",
};

/** JSON in colours, indented on demand; undefined when the text is no JSON. */
export function paintJson(text: string, paint: Painter, indent: boolean): string | undefined {
  return formatJson(text, { indent, paint: (part, token) => paint(JSON_STYLES[part], token) });
}

function paintRequestLine(line: string, paint: Painter): string {
  const match = /^(\S+) (\S+) (HTTP\/\S+)$/.exec(line);
  if (match === null) return line;
  const [, method = "", target = "", version = ""] = match;
  return `${paint("bold", paint("green", method))} ${paint("bold", target)} ${paint("dim", version)}`;
}

function paintStatusLine(line: string, paint: Painter): string {
  const match = /^(HTTP\/\S+) (\d{3})(.*)$/s.exec(line);
  if (match === null) return line;
  const [, version = "", status = "", reason = ""] = match;
  return `${paint("dim", version)} ${paint("bold", paint(statusStyle(Number(status)), `${status}${reason}`))}`;
}

/** What is beyond ASCII in a field is, in practice, UTF-8, or else shown as ISO 8859-1. */
function readable(bytes: string): string {
  return printableLine(fieldText(bytes));
}
