// The URL of a request as it is asked for: with a scheme, and with the host that a Host field or a variable gives.
import { HurlSyntaxError } from "../hurl/errors.ts";
import type { KeyValue, Placeholder, Span, Template, TemplatePart, TextPart } from "../hurl/tree.ts";
import { type Definitions, definitionFor } from "./definitions.ts";
import type { Region } from "./region.ts";
import type { RequestLine } from "./request-line.ts";

/** What a URL lacks: nothing, a scheme, or a scheme and a host. */
type Lack = "nothing" | "scheme" | "host";

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;

/** The URL of a region's request, whose host it takes from the field `host` if need be: else `URL`. */
export function addressOf(
  { url }: RequestLine,
  region: Region,
  definitions: Definitions,
  host: KeyValue | undefined,
): Template {
  const { start } = url.source;
  const [first] = url.parts;
  if (first?.kind === "text" && first.value.startsWith("*")) {
    const problem = "a request for * is not sent here: ask with the URL of a resource";
    throw new HurlSyntaxError("URL", start, problem);
  }
  const lacks = lackOf(url.parts, region, definitions, 0);
  if (lacks === "nothing") return url;
  if (lacks === "scheme") return { ...url, parts: [schemeFor([], url.source), ...url.parts] };
  const before = host?.value.parts ?? [hostVariable(region, url.source)];
  const scheme = lackOf(before, region, definitions, 0) === "scheme" ? [schemeFor(before, url.source)] : [];
  return { ...url, parts: [...scheme, ...before, ...url.parts] };
}

/** The variable `host`, which httpyac puts before a path. */
function hostVariable(region: Region, url: Span): Placeholder {
  const source = { start: url.start, end: url.start };
  const value = { kind: "variable", name: "host", source } as const;
  region.uses.push(value);
  return { kind: "placeholder", value, filters: [], source };
}

/** A text that is not in the file: "http://", unless the port is one that TLS is spoken on. */
function schemeFor(host: readonly TemplatePart[], url: Span): TextPart {
  const last = host.at(-1);
  const secure = last?.kind === "text" && /:8?443$/.test(last.value);
  const source = { start: url.start, end: url.start };
  return { kind: "text", value: secure ? "https://" : "http://", raw: "", source };
}

/** A variable that the file does not define may hold anything; it is taken to be complete. */
function lackOf(
  parts: readonly TemplatePart[],
  region: Region,
  definitions: Definitions,
  depth: number,
): Lack {
  const [first, second] = parts;
  if (first === undefined) return "nothing";
  if (first.kind === "text") {
    if (first.value.startsWith("/")) return "host";
    return SCHEME.test(first.value) ? "nothing" : "scheme";
  }
  // `{{scheme}}://`
  if (second?.kind === "text" && second.value.startsWith("://")) return "nothing";
  if (first.value.kind === "function") return "nothing";
  const definition = definitionFor(definitions, region, first.value.name);
  if (definition === undefined || depth > 20) return "nothing";
  return lackOf(definition.value.parts, region, definitions, depth + 1);
}
