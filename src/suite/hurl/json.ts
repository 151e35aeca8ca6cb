// The tree as the JSON that `hurlfmt --out json` prints: one line, members in its order, numbers as the file has
// them. What hurlfmt leaves out (BasicAuth, positions, spaces) is left out here.
import { type Json, list, type Member, object, writeJson } from "./json-output.ts";
import { placeholderText, templateText } from "./template-text.ts";
import type {
  Assert,
  BodyValue,
  Capture,
  Entry,
  FileParam,
  Filter,
  HurlFile,
  HurlOption,
  HurlRequest,
  HurlResponse,
  JsonValue,
  KeyValue,
  MixedBody,
  Multiline,
  Predicate,
  PredicateValue,
  Query,
  RegexLiteral,
  Template,
} from "./tree.ts";

/** The file as one line of JSON, with its newline. */
export function hurlJson(file: Pick<HurlFile, "entries">): string {
  return `${writeJson(object(["entries", file.entries.map(entryJson)]))}\n`;
}

function entryJson({ request, response }: Entry): Json {
  return object(
    ["request", requestJson(request)],
    response === undefined ? undefined : ["response", responseJson(response)],
  );
}

function requestJson(request: HurlRequest): Json {
  const params = (kind: string): readonly Json[] =>
    request.sections.flatMap((section) =>
      section.kind === kind && section.kind !== "options" ? section.items.map(itemJson) : [],
    );
  const options = request.sections.flatMap((section) => (section.kind === "options" ? section.items : []));
  const comments = request.before.flatMap(({ comment }) => (comment === undefined ? [] : [comment.text]));
  return object(
    ["method", request.method.text],
    ["url", templateText(request.url)],
    list("headers", request.headers.map(itemJson)),
    list("query_string_params", params("query")),
    list("form_params", params("form")),
    list("multipart_form_data", params("multipart")),
    list("cookies", params("cookies")),
    list("options", options.map(optionJson)),
    request.body === undefined ? undefined : ["body", bodyJson(request.body.value)],
    list("comments", comments),
  );
}

function responseJson(response: HurlResponse): Json {
  const { version, status, sections, body } = response;
  const captures = sections.flatMap((section) => (section.kind === "captures" ? section.items : []));
  const asserts = sections.flatMap((section) => (section.kind === "asserts" ? section.items : []));
  return object(
    version.value === "any" ? undefined : ["version", version.value],
    status.value === "any" ? undefined : ["status", { number: String(status.value) }],
    list("headers", response.headers.map(itemJson)),
    list("captures", captures.map(captureJson)),
    list("asserts", asserts.map(assertJson)),
    body === undefined ? undefined : ["body", bodyJson(body.value)],
  );
}

function itemJson(item: KeyValue | FileParam): Json {
  const name = ["name", templateText(item.key)] as const;
  if (item.kind === "key-value") return object(name, ["value", templateText(item.value)]);
  return object(
    name,
    ["filename", templateText(item.file.name)],
    item.contentType === undefined ? undefined : ["content_type", templateText(item.contentType)],
  );
}

function optionJson({ name, value }: HurlOption): Json {
  // A value with a unit comes before the name: so hurlfmt has it.
  if (value.kind === "duration" && value.unit !== undefined) {
    return object(["value", { number: String(value.value) }], ["unit", value.unit], ["name", name.text]);
  }
  return object(["name", name.text], ["value", optionValueJson(value)]);
}

function optionValueJson(value: HurlOption["value"]): Json {
  switch (value.kind) {
    case "placeholder":
      return placeholderText(value);
    case "boolean":
    case "verbosity":
      return value.value;
    case "count":
      return { number: value.value === "unlimited" ? "-1" : String(value.value) };
    case "natural":
    case "duration":
      return { number: String(value.value) };
    case "string":
      return templateText(value.value);
    case "variable-definition":
      return `${value.name}=${variableText(value.value)}`;
  }
}

function variableText(value: (HurlOption["value"] & { kind: "variable-definition" })["value"]): string {
  switch (value.kind) {
    case "null":
      return "null";
    case "boolean":
      return String(value.value);
    case "integer":
    case "float":
      return value.text;
    case "string":
      return templateText(value.value);
  }
}

function captureJson({ name, query, filters, redact }: Capture): Json {
  return object(
    ["name", templateText(name)],
    ["query", queryJson(query)],
    list("filters", filters.map(filterJson)),
    redact ? ["redact", true] : undefined,
  );
}

function assertJson({ query, filters, predicate }: Assert): Json {
  return object(["query", queryJson(query)], list("filters", filters.map(filterJson)), [
    "predicate",
    predicateJson(predicate),
  ]);
}

function queryJson(query: Query): Json {
  const type = ["type", query.kind] as const;
  switch (query.kind) {
    case "header":
    case "variable":
      return object(type, ["name", templateText(query.name)]);
    case "xpath":
    case "jsonpath":
      return object(type, ["expr", templateText(query.expression)]);
    case "regex":
      return object(type, ["expr", patternJson(query.pattern)]);
    case "certificate":
      return object(type, ["expr", query.attribute]);
    case "cookie": {
      const attribute = query.attribute === undefined ? "" : `[${query.attribute}]`;
      return object(type, ["expr", templateText(query.name) + attribute]);
    }
    default:
      return object(type);
  }
}

function patternJson(pattern: Template | RegexLiteral): Json {
  return "pattern" in pattern ? object(["type", "regex"], ["value", pattern.pattern]) : templateText(pattern);
}

const ARGUMENT_NAMES = {
  charsetDecode: "encoding",
  dateFormat: "fmt",
  decode: "encoding",
  format: "fmt",
  jsonpath: "expr",
  split: "sep",
  toDate: "fmt",
  urlQueryParam: "param",
  xpath: "expr",
} as const;

function filterJson(filter: Filter): Json {
  const type = ["type", filter.kind] as const;
  switch (filter.kind) {
    case "nth": {
      const n =
        filter.index.kind === "integer" ? { number: filter.index.text } : placeholderText(filter.index);
      return object(type, ["n", n]);
    }
    case "regex":
      return object(type, ["expr", patternJson(filter.pattern)]);
    case "replace":
      return object(type, ["old_value", templateText(filter.old)], ["new_value", templateText(filter.by)]);
    case "replaceRegex":
      return object(type, ["pattern", patternJson(filter.pattern)], ["new_value", templateText(filter.by)]);
    default:
      return "argument" in filter
        ? object(type, [ARGUMENT_NAMES[filter.kind], templateText(filter.argument)])
        : object(type);
  }
}

function predicateJson(predicate: Predicate): Json {
  const value = "value" in predicate ? predicate.value : undefined;
  return object(
    predicate.not ? ["not", true] : undefined,
    ["type", predicate.kind],
    value === undefined ? undefined : ["value", predicateValueJson(value)],
    value === undefined ? undefined : encodingOf(value),
  );
}

function encodingOf({ kind }: PredicateValue): Member | undefined {
  if (kind === "base64" || kind === "hex") return ["encoding", "base64"];
  return kind === "regex" ? ["encoding", "regex"] : undefined;
}

function predicateValueJson(value: PredicateValue): Json {
  switch (value.kind) {
    case "null":
      return null;
    case "boolean":
      return value.value;
    case "integer":
    case "float":
      return { number: value.text };
    case "string":
    case "oneline":
    case "multiline":
      return templateText(value.value);
    case "base64":
    case "hex":
      return base64(value.bytes);
    case "file":
      return object(["type", "file"], ["filename", templateText(value.name)]);
    case "regex":
      return value.pattern;
    case "placeholder":
      // Without its braces, which hurlfmt prints everywhere else.
      return placeholderText(value).slice(2, -2);
  }
}

function bodyJson(value: BodyValue): Json {
  switch (value.kind) {
    case "json":
      return object(["type", "json"], ["value", jsonJson(value.value)]);
    case "xml":
      return object(["type", "xml"], ["value", value.raw]);
    case "multiline": {
      const named = ["json", "xml", "graphql"].find((language) => language === value.language);
      return object(["type", named ?? "text"], ["value", templateText(value.value) + variablesText(value)]);
    }
    case "oneline":
      return object(["type", "text"], ["value", templateText(value.value)]);
    case "base64":
    case "hex":
      return object(["encoding", "base64"], ["value", base64(value.bytes)]);
    case "file":
      return object(["type", "file"], ["filename", templateText(value.name)]);
    case "mixed":
      return object(["type", "mixed"], ["value", value.pieces.map(pieceJson)]);
  }
}

/** GraphQL's variables come after its query, as they are written. */
function variablesText({ variables, variablesText }: Multiline): string {
  if (variables === undefined) return "";
  return variablesText ?? `variables ${writeJson(jsonJson(variables))}`;
}

function pieceJson(piece: MixedBody["pieces"][number]): Json {
  if (piece.kind === "string") return templateText(piece.value);
  return object(["type", piece.kind], ["filename", templateText(piece.name)]);
}

function jsonJson(value: JsonValue): Json {
  switch (value.kind) {
    case "null":
      return null;
    case "boolean":
      return value.value;
    case "number":
      return { number: value.text };
    case "string":
      return templateText(value.value);
    case "placeholder":
      return placeholderText(value);
    case "array":
      return value.elements.map(jsonJson);
    case "object":
      return object(
        ...value.members.map((member) => [templateText(member.name), jsonJson(member.value)] as const),
      );
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
