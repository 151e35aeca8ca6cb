// A request as a curl command for a POSIX shell. Credentials are in it.

import { printfCommand, readableArgument, shellBytes, shellWord } from "./posix-shell.ts";
import {
  asksForCoding,
  isChunked,
  omitted,
  type ShownBody,
  type ShownRequest,
  shownBody,
  shownFields,
  urlWithoutFragment,
} from "./shown-request.ts";

/** For a longer body curl asks for a 100 first. */
const SENT_AT_ONCE = 1024 * 1024;

/** The command, on one line unless a text in it has several. It prints the answer's head and body. */
export function asCurl(request: ShownRequest): string {
  const { method, target, socketPath } = request;
  const body = shownBody(request);
  const words = ["curl", ...methodWords(method, body.kind !== "none")];
  if (request.follow === true) words.push("-L");
  // With a field of the request's own it only means that the answer is decoded.
  if (asksForCoding(request) || (request.compressed && request.fields.has("accept-encoding")))
    words.push("--compressed");
  if (socketPath !== undefined) words.push("--unix-socket", shellWord(socketPath));
  for (const [name, value] of request.connection ?? [])
    words.push(`--${name}`, ...(value === undefined ? [] : [shellWord(value)]));
  if (target !== undefined) words.push("--request-target", shellWord(target));
  for (const [name, value] of shownFields(request)) words.push("-H", header(name, value));
  for (const name of withoutOwn(request, body)) words.push("-H", `${name}:`);
  if (body.kind === "none" && /^(?:POST|PUT|PATCH)$/.test(method)) words.push("-H", "'Content-Length: 0'");
  if (body.kind !== "none" && isChunked(request)) words.push("-H", "'Transfer-Encoding: chunked'");
  const { source, data } = bodyWords(body);
  words.push(...data);
  const url = urlWithoutFragment(request);
  // Brackets and braces in a URL would be a pattern.
  if (/[[\]{}]/.test(url)) words.push("-g");
  words.push(shellWord(url));
  return source + words.join(" ");
}

/** curl asks by GET, and with a body by POST. */
function methodWords(method: string, hasBody: boolean): string[] {
  if (method === "HEAD" && !hasBody) return ["-I"];
  return method === (hasBody ? "POST" : "GET") ? ["-i"] : ["-i", "-X", shellWord(method)];
}

function header(name: string, value: string): string {
  return value === "" ? shellWord(`${name};`) : shellBytes(Buffer.from(`${name}: ${value}`, "latin1"));
}

/** Fields that curl would send of its own accord, and that the request does not have. */
function withoutOwn(request: ShownRequest, body: ShownBody): string[] {
  const { fields } = request;
  const names = omitted(request, ["User-Agent", "Accept"]);
  if (body.kind === "none") return names;
  if (!fields.has("content-type")) names.push("Content-Type");
  const size = body.kind === "bytes" ? body.bytes.length : request.body?.length;
  if (!fields.has("expect") && (size === undefined || size > SENT_AT_ONCE)) names.push("Expect");
  return names;
}

/** What stands before the command, and the words that name the body. */
function bodyWords(body: ShownBody): { readonly source: string; readonly data: readonly string[] } {
  if (body.kind === "none") return { source: "", data: [] };
  if (body.kind === "file") return { source: "", data: ["--data-binary", shellWord(`@${body.path}`)] };
  const text = readableArgument(body.bytes);
  if (text === undefined) return { source: `${printfCommand(body.bytes)} | `, data: ["--data-binary", "@-"] };
  return { source: "", data: ["--data-raw", shellWord(text)] };
}
