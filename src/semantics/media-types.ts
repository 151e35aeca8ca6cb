// Media types: RFC 9110, 8.3. Reads them, tells which one a file's name stands for, and whether its content
// is worth compressing. Never looks into a file.

import mime, { Mime } from "mime";

/** A media type taken apart. */
export interface MediaType {
  /** Type and subtype in lower case: `text/html`. */
  readonly essence: string;
  /** By name in lower case; values as sent, without their quotes. The first of two equal names counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const QUOTED = '"((?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t\\x20-\\x7e\\x80-\\xff])*)"';
const ESSENCE = new RegExp(`[ \\t]*(${TOKEN}/${TOKEN})`, "y");
// A semicolon may stand alone.  RFC 9110, 5.6.6
const PARAMETER = new RegExp(`[ \\t]*;[ \\t]*(?:(${TOKEN})=(?:(${TOKEN})|${QUOTED}))?`, "y");
const REST = /[ \t]*$/y;

/**
 * Reads a media type with its parameters, or a media range of Accept, which has the same form. Gives
 * `undefined` when the value is not one.  RFC 9110, 8.3.1
 */
export function parseMediaType(value: string): MediaType | undefined {
  ESSENCE.lastIndex = 0;
  const essence = ESSENCE.exec(value)?.[1]?.toLowerCase();
  if (essence === undefined) return undefined;
  const parameters = new Map<string, string>();
  let end = ESSENCE.lastIndex;
  for (;;) {
    PARAMETER.lastIndex = end;
    const match = PARAMETER.exec(value);
    if (match === null) break;
    end = PARAMETER.lastIndex;
    const name = match[1]?.toLowerCase();
    if (name === undefined || parameters.has(name)) continue;
    parameters.set(name, match[2] ?? match[3]?.replace(/\\(.)/g, "$1") ?? "");
  }
  REST.lastIndex = end;
  return REST.test(value) ? { essence, parameters } : undefined;
}

// Where a person who serves a folder expects something else than the registry says, or where it says nothing.
const OWN = new Mime({
  // Source code is to be read in the browser. `.ts` is registered as video and `.rs` as a list of telephone
  // resources.
  "text/plain": [
    ...["ts", "tsx", "mts", "cts", "hurl", "http", "py", "rb", "go", "rs", "kt", "swift", "vue", "svelte"],
    ...["c", "h", "cc", "cpp", "hpp", "java", "cs", "sh", "bash", "zsh", "ps1", "php", "pl", "lua", "wat"],
    ...["env", "cfg", "properties", "lock", "diff", "patch"],
  ],
  "text/javascript": ["cjs"],
  "application/x-ndjson": ["ndjson", "jsonl"],
  // Compressed already: called image/svg+xml it would need a Content-Encoding to be an image.
  "application/gzip": ["svgz"],
  "application/zstd": ["zst"],
  "application/x-pcapng": ["pcapng"],
});

/**
 * Tells the media type for a file's name, by its last extension: `text/html; charset=utf-8`. What is
 * text is said to be UTF-8. A name without an extension, or with an unknown one, is
 * `application/octet-stream`.
 */
export function mediaTypeOf(fileName: string): string {
  const dot = fileName.lastIndexOf(".");
  const extension = dot === -1 ? "" : fileName.slice(dot + 1);
  const essence = OWN.getType(extension) ?? mime.getType(extension) ?? "application/octet-stream";
  return isText(essence) ? `${essence}; charset=utf-8` : essence;
}

const TEXT_APPLICATIONS: ReadonlySet<string> = new Set([
  "application/ecmascript",
  "application/javascript",
  "application/json",
  "application/json5",
  "application/n-quads",
  "application/n-triples",
  "application/sparql-query",
  "application/sql",
  "application/toml",
  "application/trig",
  "application/x-ndjson",
  "application/xml",
  "application/xml-dtd",
]);

const COMPRESSIBLE_BINARIES: ReadonlySet<string> = new Set([
  "application/vnd.ms-fontobject",
  "application/wasm",
  "font/collection",
  "font/otf",
  "font/ttf",
  "image/bmp",
  "image/vnd.microsoft.icon",
  "image/x-icon",
  "image/x-ms-bmp",
  "model/gltf-binary",
]);

/**
 * Tells whether content of a media type (parameters allowed) gets smaller by compression: text,
 * and the few binary formats that are not compressed by themselves.
 */
export function isCompressible(mediaType: string): boolean {
  const semicolon = mediaType.indexOf(";");
  const essence = (semicolon === -1 ? mediaType : mediaType.slice(0, semicolon)).trim().toLowerCase();
  // An event has to leave when it happens; a compressor would hold it back.
  if (essence === "text/event-stream") return false;
  return isText(essence) || COMPRESSIBLE_BINARIES.has(essence);
}

function isText(essence: string): boolean {
  return (
    essence.startsWith("text/") ||
    TEXT_APPLICATIONS.has(essence) ||
    // Structured syntax suffixes: SVG, RSS, XHTML, web manifests and many more.  RFC 6839
    essence.endsWith("+xml") ||
    essence.endsWith("+json")
  );
}
