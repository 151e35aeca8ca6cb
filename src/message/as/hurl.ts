// A request as an entry of a Hurl file (https://hurl.dev/docs/grammar.html). What Hurl cannot say is said in a
// comment before it. Credentials are in it.

import { chooseHurlBody } from "./hurl-body.ts";
import { hurlFileName, hurlKey, hurlValue } from "./hurl-text.ts";
import { fieldText } from "./readable.ts";
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

/** The entry, without a line feed at its end. */
export function asHurl(request: ShownRequest): string {
  const body = shownBody(request);
  const lines = remarks(request, body).map((text) => `# ${text}`);
  lines.push(`${request.method} ${hurlValue(urlWithoutFragment(request))}`);
  for (const [name, value] of shownFields(request)) lines.push(keyValue(name, fieldText(value) ?? value));
  const options = optionLines(request);
  if (options.length > 0) lines.push("[Options]", ...options);
  return [...lines, ...bodyLines(body, request.fields.get("content-type"))].join("\n");
}

function keyValue(key: string, value: string): string {
  return value === "" ? `${hurlKey(key)}:` : `${hurlKey(key)}: ${hurlValue(value)}`;
}

function optionLines(request: ShownRequest): string[] {
  const { socketPath, follow } = request;
  const lines: string[] = [];
  if (asksForCoding(request)) lines.push("compressed: true");
  if (follow === true) lines.push("location: true");
  if (socketPath !== undefined) lines.push(keyValue("unix-socket", socketPath));
  for (const [name, value] of request.connection ?? [])
    lines.push(value === undefined ? `${name}: true` : optionLine(name, value));
  return lines;
}

/** Names of files end at a space; other values go to the end of the line. */
function optionLine(name: string, value: string): string {
  return /^(?:cacert|cert|key)$/.test(name) ? `${name}: ${hurlFileName(value)}` : keyValue(name, value);
}

function bodyLines(body: ShownBody, type: string | undefined): string[] {
  if (body.kind === "none") return [];
  if (body.kind === "file") return [`file,${hurlFileName(body.path)};`];
  const chosen = chooseHurlBody(body.bytes, type);
  if (chosen.kind === "body") return [chosen.text];
  return ["[Form]", ...chosen.pairs.map(([name, value]) => keyValue(name, value))];
}

/** What comes out otherwise than it was. */
function remarks(request: ShownRequest, body: ShownBody): string[] {
  const { method, target } = request;
  const found: string[] = [];
  if (!/^(?!HTTP$)[A-Z]+$/.test(method))
    found.push(`Hurl has no method ${method}: its methods are capital letters`);
  if (target !== undefined)
    found.push(`The request target is ${hurlValue(target)}, in place of the URL's: Hurl cannot say that`);
  for (const name of omitted(request, ["User-Agent", "Accept"]))
    found.push(`Sent without ${name}: Hurl always sends one`);
  for (const [name, value] of shownFields(request)) {
    if (fieldText(value) === undefined)
      found.push(`The value of ${name} is ISO 8859-1: Hurl sends it in UTF-8`);
  }
  if (body.kind !== "none" && isChunked(request)) found.push("Sent in chunks: Hurl announces the length");
  if (body.kind === "file" && /^(?:\/|[A-Za-z]:|\\)|(?:^|[/\\])\.\.(?:[/\\]|$)/.test(body.path))
    found.push("The body's file lies elsewhere: Hurl reads it with --file-root");
  return found;
}
