// `Authorization: Basic user password`: the three clients encode the words, so that nobody has to. What is encoded
// already, and every other scheme, is sent as it is.
import { HurlSyntaxError } from "../hurl/errors.ts";
import type { HurlOption, KeyValue, Template, TemplatePart } from "../hurl/tree.ts";
import { noLineEnd } from "./lines.ts";
import { option } from "./settings.ts";

/** What an Authorization field comes to besides a field. */
export type Credentials =
  | { readonly kind: "field" }
  | { readonly kind: "basic"; readonly pair: KeyValue }
  | { readonly kind: "digest"; readonly options: readonly HurlOption[] };

/** What is meant by an Authorization field: else `HEADER` for a scheme that is not spoken. */
export function credentialsOf(field: KeyValue): Credentials {
  const { value } = field;
  const [first, ...rest] = value.parts;
  const scheme = first?.kind === "text" ? /^(Basic|Digest|AWS)\s+/i.exec(first.value) : null;
  const name = scheme?.[1]?.toLowerCase();
  if (first?.kind !== "text" || scheme === null || name === undefined) return { kind: "field" };
  if (name === "aws") {
    const problem = "signatures of AWS are not made from an Authorization field here";
    throw new HurlSyntaxError("HEADER", value.source.start, problem);
  }
  const left = first.value.slice(scheme[0].length);
  const words: readonly TemplatePart[] = left === "" ? rest : [{ ...first, value: left }, ...rest];
  const halves = split(words);
  if (halves === undefined) return { kind: "field" };
  const [user, password] = halves.map((parts): Template => ({ delimiter: "", parts, source: value.source }));
  if (user === undefined || password === undefined) return { kind: "field" };
  const { source } = field;
  if (name === "basic") {
    const ending = noLineEnd(source.end);
    return {
      kind: "basic",
      pair: { kind: "key-value", before: [], key: user, value: password, ending, source },
    };
  }
  const colon = { kind: "text", value: ":", raw: "", source } as const;
  const both: Template = { delimiter: "", parts: [...user.parts, colon, ...password.parts], source };
  const options = [
    option("digest", { kind: "boolean", value: true, source }),
    option("user", { kind: "string", value: both, source }),
  ];
  return { kind: "digest", options };
}

/** The parts before and after the first space, or else the first colon, that is no placeholder's. */
function split(parts: readonly TemplatePart[]): readonly [TemplatePart[], TemplatePart[]] | undefined {
  for (const mark of [/\s+/, /:/]) {
    for (const [index, part] of parts.entries()) {
      const found = part.kind === "text" ? mark.exec(part.value) : null;
      if (part.kind !== "text" || found === null) continue;
      const before = { ...part, value: part.value.slice(0, found.index) };
      const after = { ...part, value: part.value.slice(found.index + found[0].length) };
      return [
        [...parts.slice(0, index), before],
        [after, ...parts.slice(index + 1)],
      ];
    }
  }
  return undefined;
}
