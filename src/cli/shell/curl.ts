// A request as a curl command for a POSIX shell.

import { fieldText } from "../highlight.ts";
import type { RequestPlan } from "../request-plan.ts";

/** The command, on one line. `bodyFile` is the file that the body came from. Credentials are in it. */
export function curlCommand(plan: RequestPlan, bodyFile: string | undefined): string {
  const { method, url, target, socketPath, fields, omit, content } = plan;
  const words = ["curl", "-i", ...methodWords(method, content !== undefined)];
  if (!omit.includes("accept-encoding") && !fields.has("accept-encoding") && !fields.has("range"))
    words.push("--compressed");
  if (socketPath !== undefined) words.push("--unix-socket", socketPath);
  if (target !== undefined) words.push("--request-target", target);
  for (const [name, value] of fields)
    words.push("-H", value === "" ? `${name};` : `${name}: ${fieldText(value)}`);
  for (const name of omit) if (!fields.has(name)) words.push("-H", `${name}:`);
  if (content !== undefined) {
    // curl has a type of its own for what it sends.
    if (!fields.has("content-type") && !omit.includes("content-type")) words.push("-H", "Content-Type:");
    words.push(...bodyWords(content.body, bodyFile));
  }
  // Brackets and braces in a URL would be a pattern.
  if (/[[\]{}]/.test(url.href)) words.push("-g");
  words.push(url.href.replace(/#.*$/s, ""));
  return words.map(quoted).join(" ");
}

/** curl asks by GET, and with a body by POST. */
function methodWords(method: string, hasBody: boolean): string[] {
  if (method === "HEAD" && !hasBody) return ["-I"];
  return method === (hasBody ? "POST" : "GET") ? [] : ["-X", method];
}

function bodyWords(body: Uint8Array | AsyncIterable<Uint8Array>, file: string | undefined): string[] {
  if (file !== undefined) return ["--data-binary", `@${file}`];
  return ["--data-raw", body instanceof Uint8Array ? Buffer.from(body).toString("utf8") : ""];
}

function quoted(word: string): string {
  return /^[\p{L}\p{N}_@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
