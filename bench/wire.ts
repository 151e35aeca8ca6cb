// The bytes that all contestants exchange, so that nobody answers less than another.
import { Buffer } from "node:buffer";

export const HOST = "127.0.0.1";

/** One kibibyte that nothing compresses by its media type. */
export const KIBIBYTE: Buffer = Buffer.from("Sockeye swims upstream. ".repeat(43).slice(0, 1024), "latin1");
export const GREETING: Buffer = Buffer.from("Hello, world!", "latin1");

/** What a browser sends: nine fields, ten with Host. */
export const FIELDS: readonly (readonly [string, string])[] = [
  ["User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"],
  ["Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"],
  ["Accept-Language", "ko-KR,ko;q=0.8,en-US;q=0.5,en;q=0.3"],
  ["Accept-Encoding", "gzip, deflate, br, zstd"],
  ["Referer", "http://127.0.0.1/index.html"],
  ["Cookie", "session=8b1a9953c4611296a827abf8c47804d7; theme=dark"],
  ["Sec-Fetch-Dest", "document"],
  ["Sec-Fetch-Mode", "navigate"],
  ["Sec-Fetch-Site", "same-origin"],
];

export function getRequest(port: number, path: string): string {
  const fields = FIELDS.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `GET ${path} HTTP/1.1\r\nHost: ${HOST}:${port}\r\n${fields}\r\n`;
}

/** A whole 200 response with the fields that a file server sends. */
export function constantResponse(content: Buffer): Buffer {
  const head =
    "HTTP/1.1 200 OK\r\n" +
    `Date: ${new Date().toUTCString()}\r\n` +
    "Content-Type: application/octet-stream\r\n" +
    `Content-Length: ${content.byteLength}\r\n` +
    "Last-Modified: Fri, 01 Aug 2025 12:00:00 GMT\r\n" +
    'ETag: "5f1c-198654a3c00"\r\n' +
    "Accept-Ranges: bytes\r\n\r\n";
  return Buffer.concat([Buffer.from(head, "latin1"), content]);
}
