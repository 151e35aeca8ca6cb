// A line for every exchange. Text in, text out: where it goes is for others to know.

import type { ExchangeRecord } from "./options.ts";

export const LOG_FORMATS = ["dev", "combined", "json", "none"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Colours, or nothing, around a text. */
export type Paint = (style: "bold" | "dim" | "red" | "green" | "yellow" | "cyan", text: string) => string;

/** The line for an exchange, without its line end; undefined when the format is "none". */
export function logLine(
  format: LogFormat,
  record: ExchangeRecord,
  at: Date,
  paint: Paint,
): string | undefined {
  switch (format) {
    case "dev":
      return devLine(record, at, paint);
    case "combined":
      return combinedLine(record, at);
    case "json":
      return jsonLine(record, at);
    case "none":
      return undefined;
  }
}

function devLine(record: ExchangeRecord, at: Date, paint: Paint): string {
  const { request, response } = record;
  const status = response?.status;
  const words = [
    paint("dim", at.toTimeString().slice(0, 8)),
    paint("bold", (request?.method ?? "-").padEnd(6)),
    readable(request?.rawTarget ?? "(no request)"),
    status === undefined ? paint("red", "---") : paint(statusStyle(status), String(status)),
    size(record.bodyBytes),
    `${record.duration.toFixed(1)} ms`,
    paint("dim", peer(record)),
  ];
  if (!record.complete) words.push(paint("red", response === undefined ? "client gone" : "cut short"));
  return words.join("  ");
}

function statusStyle(status: number): "green" | "cyan" | "yellow" | "red" {
  if (status < 300) return "green";
  if (status < 400) return "cyan";
  return status < 500 ? "yellow" : "red";
}

/** A target with its UTF-8 made readable, unless that would show a control character. */
function readable(target: string): string {
  try {
    const text = decodeURI(target);
    return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text) ? target : text;
  } catch {
    return target;
  }
}

function size(bytes: number): string {
  if (bytes < 10_000) return `${bytes} B`;
  if (bytes < 10_000_000) return `${(bytes / 1000).toFixed(0)} kB`;
  return bytes < 10_000_000_000 ? `${(bytes / 1e6).toFixed(0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

function peer({ remote }: ExchangeRecord): string {
  if (remote.port === 0) return remote.address || "unix";
  return remote.address.includes(":")
    ? `[${remote.address}]:${remote.port}`
    : `${remote.address}:${remote.port}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Apache's combined format, which every log reader knows; times in UTC. */
function combinedLine(record: ExchangeRecord, at: Date): string {
  const { request, response } = record;
  const iso = at.toISOString();
  const time = `${iso.slice(8, 10)}/${MONTHS[at.getUTCMonth()]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
  const line = request === undefined ? "-" : `${request.method} ${request.rawTarget} HTTP/${request.version}`;
  const status = response?.status ?? 499;
  const agent = quoted(request?.fields.get("user-agent"));
  return `${record.remote.address || "-"} - - [${time}] ${quoted(line)} ${status} ${record.bodyBytes} ${quoted(request?.fields.get("referer"))} ${agent}`;
}

/** As Apache does: a quote, a backslash and what is not visible ASCII are escaped. */
function quoted(text: string | undefined): string {
  const escaped = (text ?? "-").replace(/["\\]|[^\x20-\x7e]/g, (character) =>
    character === '"' || character === "\\"
      ? `\\${character}`
      : `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `"${escaped}"`;
}

function jsonLine(record: ExchangeRecord, at: Date): string {
  const { request, response, remote } = record;
  return JSON.stringify({
    time: at.toISOString(),
    method: request?.method,
    target: request?.rawTarget,
    version: request === undefined ? undefined : `HTTP/${request.version}`,
    host: request?.authority,
    status: response?.status,
    bytes: record.bodyBytes,
    milliseconds: Math.round(record.duration * 1000) / 1000,
    complete: record.complete,
    peer: remote.address,
    port: remote.port,
    userAgent: request?.fields.get("user-agent"),
    referer: request?.fields.get("referer"),
  });
}

/** The header sections of an exchange as received and as sent: "> " before each line in, "< " before each line out. */
export function headsOf(record: ExchangeRecord, paint: Paint): string {
  const { request } = record;
  const lines: string[] = [];
  if (request !== undefined) {
    lines.push(
      `${paint("dim", ">")} ${paint("bold", `${request.method} ${request.rawTarget} HTTP/${request.version}`)}`,
    );
    for (const [name, value] of request.fields)
      lines.push(`${paint("dim", ">")} ${paint("cyan", name)}: ${printable(value)}`);
    lines.push(paint("dim", ">"));
  }
  const [statusLine = "", ...fields] = record.sentHead.trimEnd().split("\r\n");
  if (statusLine !== "") {
    lines.push(`${paint("dim", "<")} ${paint("bold", statusLine)}`);
    for (const field of fields) {
      const colon = field.indexOf(":");
      lines.push(
        `${paint("dim", "<")} ${paint("cyan", field.slice(0, colon))}${printable(field.slice(colon))}`,
      );
    }
    lines.push(paint("dim", "<"));
  }
  return lines.join("\n");
}

/** Bytes beyond ASCII are shown as the UTF-8 they most likely are; a terminal must not be told to do anything. */
function printable(value: string): string {
  const text = /[\x80-\xff]/.test(value) ? Buffer.from(value, "latin1").toString("utf8") : value;
  return text.replace(
    /[\p{Cc}\p{Cf}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
