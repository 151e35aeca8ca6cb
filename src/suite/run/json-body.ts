// JSON of a test file, with values in the place of its placeholders (RFC 8259). Knows nothing of bodies.

import { Failure } from "../failure.ts";
import type { JsonBody, JsonObject, JsonValue, Placeholder } from "../hurl/tree.ts";
import { jsonText } from "../values/json.ts";
import type { Evaluation } from "../values/value.ts";
import { renderedText } from "./context.ts";

/** The JSON as it is written, spaces and all. Failures: those of templates, and INVALID_JSON. */
export function writtenJson({ raw, value, source }: JsonBody, evaluation: Evaluation): string {
  let text = "";
  let from = 0;
  for (const { placeholder, inString } of placeholders(value)) {
    const { start, end } = placeholder.source;
    text += raw.slice(from, start.offset - source.start.offset);
    text += inString ? stringPiece(placeholder, evaluation) : placeholderJson(placeholder, evaluation);
    from = end.offset - source.start.offset;
  }
  return text + raw.slice(from);
}

/** The JSON without spaces; numbers as they are written. Failures: those of templates, and INVALID_JSON. */
export function compactJson(object: JsonObject, evaluation: Evaluation): string {
  return compact(object, evaluation);
}

interface Place {
  readonly placeholder: Placeholder;
  readonly inString: boolean;
}

/** The placeholders of a JSON value, in the order of the file. */
function* placeholders(value: JsonValue): Generator<Place> {
  switch (value.kind) {
    case "placeholder":
      yield { placeholder: value, inString: false };
      return;
    case "string":
      for (const part of value.value.parts) {
        if (part.kind === "placeholder") yield { placeholder: part, inString: true };
      }
      return;
    case "array":
      for (const element of value.elements) yield* placeholders(element);
      return;
    case "object":
      for (const { name, value: member, source } of value.members) {
        yield* placeholders({ kind: "string", value: name, source });
        yield* placeholders(member);
      }
      return;
    case "null":
    case "boolean":
    case "number":
      return;
  }
}

function compact(value: JsonValue, evaluation: Evaluation): string {
  switch (value.kind) {
    case "null":
      return "null";
    case "boolean":
      return String(value.value);
    case "number":
      return value.text;
    case "string":
      return JSON.stringify(evaluation.text(value.value));
    case "placeholder":
      return placeholderJson(value, evaluation);
    case "array":
      return `[${value.elements.map((element) => compact(element, evaluation)).join(",")}]`;
    case "object": {
      const members = value.members.map((member) => {
        const name = JSON.stringify(evaluation.text(member.name));
        return `${name}:${compact(member.value, evaluation)}`;
      });
      return `{${members.join(",")}}`;
    }
  }
}

/** What a placeholder inside a string adds to it, escaped. */
function stringPiece(placeholder: Placeholder, evaluation: Evaluation): string {
  const text = renderedText(evaluation.value(placeholder), placeholder.value.source);
  return JSON.stringify(text).slice(1, -1);
}

/** What a placeholder in a value's place stands for: a string only when it is JSON itself, such as `42` or `[]`. */
function placeholderJson(placeholder: Placeholder, evaluation: Evaluation): string {
  const { source } = placeholder.value;
  const value = evaluation.value(placeholder);
  switch (value.kind) {
    case "null":
    case "boolean":
    case "integer":
    case "float":
    case "list":
    case "object":
      return jsonText(value);
    default: {
      const text = renderedText(value, source);
      if (isJson(text)) return text;
      throw new Failure("INVALID_JSON", source, `actual value is <${text}>`);
    }
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
