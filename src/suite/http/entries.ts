// An entry of the tree from a region of an `.http` file: what the three clients do without being told becomes
// options, and asserts and captures become a response of any status.
import type {
  Capture,
  Entry,
  HurlOption,
  HurlRequest,
  HurlResponse,
  KeyValue,
  Line,
  OptionsSection,
  Position,
  RequestSection,
  ResponseSection,
  Word,
} from "../hurl/tree.ts";
import { addressOf } from "./addresses.ts";
import { type BodyForm, bodyOf } from "./bodies.ts";
import { credentialsOf } from "./credentials.ts";
import { type Definitions, definitionsOf } from "./definitions.ts";
import { noLineEnd } from "./lines.ts";
import { type Links, linkRegions } from "./references.ts";
import { fieldText, isBlankPiece, isNamed, type Region } from "./region.ts";
import type { RequestLine } from "./request-line.ts";
import { option } from "./settings.ts";

/** The entries of the file `text`, one for each region with a request. */
export function entriesOf(regions: readonly Region[], text: string): readonly Entry[] {
  // The variable `host` may come into use with an address, so addresses come before links.
  const definitions = definitionsOf(regions);
  const requests = regions.map((region) => requestOf(region, definitions, text));
  const links = linkRegions(regions, definitions);
  return regions.flatMap((region, index) => {
    const request = requests[index];
    const linked = links[index];
    if (request === undefined || linked === undefined) return [];
    const response = responseOf(region, linked, request.source.end);
    const sections = withVariables(request, linked.variables);
    const end = response?.source.end ?? request.source.end;
    const source = { start: request.source.start, end };
    return [{ request: { ...request, sections }, response, source }];
  });
}

function requestOf(region: Region, definitions: Definitions, text: string): HurlRequest | undefined {
  const { line, before, settings } = region;
  if (line === undefined) return undefined;
  const host = region.headers.find((field) => isNamed(field, "host"));
  const url = addressOf(line, region, definitions, host);
  const { headers, sections, options } = fieldsOf(region);
  const last = region.headers.at(-1)?.source.end ?? line.source.end;
  const body = bodyOf(region.body, formOf(region, text), text);
  const source = { start: line.source.start, end: body?.source.end ?? last };
  const all = [...protocolOptions(line), follow(region, line), ...settings.options, ...options];
  return {
    before,
    method: { ...line.method, text: line.method.text === "GRAPHQL" ? "POST" : line.method.text },
    url,
    ending: line.ending,
    headers,
    sections: [optionsSection(all, line.source.start), ...sections],
    body,
    source,
  };
}

interface FieldsAndMore {
  readonly headers: readonly KeyValue[];
  readonly sections: readonly RequestSection[];
  readonly options: readonly HurlOption[];
}

/** The fields that are sent as they stand, and what the others mean. */
function fieldsOf(region: Region): FieldsAndMore {
  const kept: KeyValue[] = [];
  const sections: RequestSection[] = [];
  const options: HurlOption[] = [];
  for (const field of region.headers) {
    if (isNamed(field, "x-request-type")) continue;
    // The field has a scheme only to complete the URL.
    if (isNamed(field, "host") && /^https?:/.test(fieldText(region, "host"))) continue;
    const credentials = isNamed(field, "authorization") ? credentialsOf(field) : { kind: "field" as const };
    if (credentials.kind === "field") kept.push(field);
    if (credentials.kind === "digest") options.push(...credentials.options);
    if (credentials.kind === "basic") {
      const { source } = field;
      sections.push({
        kind: "basic-auth",
        ...head("BasicAuth", source.start),
        items: [credentials.pair],
        source,
      });
    }
  }
  return { headers: kept, sections, options };
}

/** Options for what the request line says: an HTTP that is not 1.1. */
function protocolOptions({ version }: RequestLine): readonly HurlOption[] {
  if (version === undefined || version.text === "1.1") return [];
  const name = version.text.startsWith("1") ? "http1.0" : `http${version.text.charAt(0)}`;
  return [option(name, { kind: "boolean", value: true, source: version.source })];
}

/** The three clients follow redirects unless they are told not to. */
function follow({ settings }: Region, { method }: RequestLine): HurlOption {
  const source = { start: method.source.start, end: method.source.start };
  return option("location", { kind: "boolean", value: settings.follow, source });
}

function formOf(region: Region, text: string): BodyForm {
  if (region.line?.method.text === "GRAPHQL" || fieldText(region, "x-request-type") === "graphql")
    return "graphql";
  const type = fieldText(region, "content-type");
  if (type.startsWith("multipart/")) return "multipart";
  if (type.startsWith("application/json") && beginsQuery(region, text)) return "graphql";
  if (!type.startsWith("application/x-www-form-urlencoded")) return "text";
  return region.settings.encode ? "form" : "form-as-written";
}

/** httpyac takes what is no JSON for GraphQL when it begins as a query. */
function beginsQuery({ body }: Region, text: string): boolean {
  const first = body.find((piece) => !isBlankPiece(piece));
  const line = first === undefined ? "" : text.slice(first.source.start.offset, first.source.end.offset);
  return /^\s*(?:query|mutation|subscription|fragment)\b[^:]*(?:[({]|\bon\b|$)/.test(line);
}

function responseOf({ asserts }: Region, { captures }: Links, end: Position): HurlResponse | undefined {
  const items = [...captures.values()];
  if (asserts.length === 0 && items.length === 0) return undefined;
  const start = asserts[0]?.source.start ?? end;
  const nowhere = { start, end: start };
  const source = { start, end: asserts.at(-1)?.source.end ?? start };
  return {
    before: [],
    version: { value: "any", source: nowhere },
    status: { value: "any", source: nowhere },
    ending: noLineEnd(start),
    headers: [],
    sections: [...capturesSection(items, start), ...assertsSection(asserts, source)],
    body: undefined,
    source,
  };
}

function capturesSection(items: readonly Capture[], at: Position): readonly ResponseSection[] {
  if (items.length === 0) return [];
  return [{ kind: "captures", ...head("Captures", at), items, source: { start: at, end: at } }];
}

function assertsSection(
  items: Region["asserts"],
  source: HurlResponse["source"],
): readonly ResponseSection[] {
  return items.length === 0 ? [] : [{ kind: "asserts", ...head("Asserts", source.start), items, source }];
}

function optionsSection(items: readonly HurlOption[], at: Position): OptionsSection {
  return { kind: "options", ...head("Options", at), items, source: { start: at, end: at } };
}

/** Variables come first: the other options may use them. */
function withVariables(
  { sections }: HurlRequest,
  variables: readonly HurlOption[],
): readonly RequestSection[] {
  return sections.map((section) =>
    section.kind === "options" ? { ...section, items: [...variables, ...section.items] } : section,
  );
}

/** The name of a section that the file does not have. */
function head(text: string, at: Position): Pick<Line, "before" | "ending"> & { readonly name: Word } {
  return { before: [], ending: noLineEnd(at), name: { text, source: { start: at, end: at } } };
}
