// The fields of a request as they went out: those that the client added, too.

import type { Call } from "../run/outcome.ts";

/** Name and value of each line, a character for each byte. */
export function sentFields({ head, fields }: Call["request"]): (readonly [string, string])[] {
  if (head === "") return [...fields];
  const [, ...lines] = head.trimEnd().split("\r\n");
  return lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
}
