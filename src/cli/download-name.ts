// What a download is called: by Content-Disposition (RFC 6266), by the URL, or "index". Whoever answers can
// choose a name, but never a folder, a hidden file, or a name that the system reads in another way.

import { posix } from "node:path";
import mime from "mime";
import type { Fields } from "../protocol/fields.ts";
import { parseMediaType } from "../semantics/media-types.ts";
import { reservedName } from "../semantics/paths.ts";
import { fieldText } from "../text/field-text.ts";

/** A name for what a URL gave, without any folder. */
export function downloadName(
  fields: Fields,
  url: string,
  platform: NodeJS.Platform = process.platform,
): string {
  const proposed = [dispositionName(fields.get("content-disposition") ?? ""), urlName(url)];
  for (const name of proposed) {
    const safe = name === undefined ? "" : safeName(name, platform);
    if (safe !== "") return safe;
  }
  const essence = parseMediaType(fields.get("content-type") ?? "")?.essence;
  const extension = essence === undefined ? null : mime.getExtension(essence);
  return extension === null ? "index" : `index.${extension}`;
}

/** "name.txt", "name-1.txt", "name-2.txt" … */
export function numberedName(name: string, number: number): string {
  if (number === 0) return name;
  // What is compressed has two extensions, and both stay at the end.
  const extension = /(?:\.tar)?\.[^.]*$/.exec(name.slice(1))?.[0] ?? "";
  return `${name.slice(0, name.length - extension.length)}-${number}${extension}`;
}

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const TYPE = new RegExp(`^[ \\t]*${TOKEN}`);
const PARAMETER = new RegExp(
  `[ \\t]*;[ \\t]*(?:(${TOKEN})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|([^; \\t"]+)))?`,
  "y",
);

/** The file name that a Content-Disposition proposes; filename* counts before filename.  RFC 6266, 4.3 */
export function dispositionName(value: string): string | undefined {
  const parameters = new Map<string, string>();
  PARAMETER.lastIndex = TYPE.exec(value)?.[0].length ?? 0;
  for (let match = PARAMETER.exec(value); match !== null; match = PARAMETER.exec(value)) {
    const [, name, quoted, token] = match;
    if (name === undefined || parameters.has(name.toLowerCase())) continue;
    parameters.set(name.toLowerCase(), quoted === undefined ? (token ?? "") : unquote(quoted));
  }
  const extended = decodeExtended(parameters.get("filename*") ?? "");
  const simple = parameters.get("filename");
  return extended ?? (simple === undefined ? undefined : fieldText(simple));
}

/**
 * A quoted pair stands for its second character. Before a letter, though, a backslash is nearly always a
 * Windows path that nobody escaped (RFC 6266, appendix D), so it stays, and what is before it is cut off later.
 */
function unquote(text: string): string {
  return text.replace(/\\(["\\])/g, "$1");
}

/** `UTF-8'ko'%EB%B3%B4`.  RFC 8187, 3.2 */
function decodeExtended(value: string): string | undefined {
  const match = /^(utf-8|iso-8859-1)'[^']*'(.*)$/i.exec(value);
  if (match === null) return undefined;
  const [, charset = "", text = ""] = match;
  try {
    if (charset.toLowerCase() === "utf-8") return decodeURIComponent(text);
  } catch {
    return undefined;
  }
  return text.replace(/%([0-9a-f]{2})/gi, (_escape, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

function urlName(url: string): string | undefined {
  const { pathname } = new URL(url);
  const last = posix.basename(pathname);
  if (pathname.endsWith("/")) return undefined;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

const MAX_NAME_BYTES = 200;

/** The last part of the name, without what is invisible, hidden or reserved; "" when nothing is left. */
function safeName(name: string, platform: NodeJS.Platform): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  const visible = last
    .normalize("NFC")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, "")
    .replace(/^[\s.]+|\s+$/gu, "");
  const short = shorten(visible);
  if (reservedName(short, platform) === undefined) return short;
  const allowed = short.replace(/[<>:"|?*~]/g, "_").replace(/[. ]+$/, "");
  return reservedName(allowed, platform) === undefined ? allowed : `_${allowed}`;
}

/** There has to be room for a number and for the name while it is being loaded. */
function shorten(name: string): string {
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 && Buffer.byteLength(name.slice(dot)) <= 20 ? name.slice(dot) : "";
  let stem = "";
  let left = MAX_NAME_BYTES - Buffer.byteLength(extension);
  for (const character of name.slice(0, name.length - extension.length)) {
    left -= Buffer.byteLength(character);
    if (left < 0) break;
    stem += character;
  }
  return `${stem}${extension}`;
}
