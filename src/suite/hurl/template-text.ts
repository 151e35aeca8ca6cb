// A template as text again: what it means, its placeholders as `{{...}}` with one space between their words.
import type { Filter, Placeholder, RegexLiteral, Template } from "./tree.ts";

/** The text that a template means, its placeholders as `{{...}}`. */
export function templateText({ parts }: Template): string {
  return parts.map((part) => (part.kind === "text" ? part.value : placeholderText(part))).join("");
}

/** A placeholder as `{{name filters}}`. */
export function placeholderText({ value, filters }: Placeholder): string {
  const given = "arguments" in value ? value.arguments : [];
  return `{{${[value.name, ...given, ...filters.map(filterText)].join(" ")}}}`;
}

function filterText(filter: Filter): string {
  switch (filter.kind) {
    case "nth":
      return `nth ${filter.index.kind === "integer" ? filter.index.text : placeholderText(filter.index)}`;
    case "regex":
      return `regex ${patternText(filter.pattern)}`;
    case "replace":
      return `replace "${templateText(filter.old)}" "${templateText(filter.by)}"`;
    case "replaceRegex":
      return `replaceRegex ${patternText(filter.pattern)} "${templateText(filter.by)}"`;
    default:
      return "argument" in filter ? `${filter.kind} "${templateText(filter.argument)}"` : filter.kind;
  }
}

function patternText(pattern: Template | RegexLiteral): string {
  return "pattern" in pattern ? `/${pattern.pattern}/` : `"${templateText(pattern)}"`;
}
