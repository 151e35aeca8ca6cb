// [Captures]: values of an answer that later entries use.

import { Failure } from "../failure.ts";
import type { Capture, HurlResponse } from "../hurl/tree.ts";
import { applyFilters } from "../values/filters.ts";
import type { Value } from "../values/value.ts";
import { valueText } from "../values/value-text.ts";
import type { Answer } from "./answer.ts";
import type { Context } from "./context.ts";
import { evaluateQuery } from "./queries.ts";
import type { Secrets } from "./secrets.ts";

export interface Captured {
  readonly name: string;
  readonly value: Value;
}

/** Evaluates the captures and sets their variables, one after the other, up to the first that fails: Failure. */
export function* captureAll(
  response: HurlResponse,
  answer: Answer,
  context: Context,
  secrets: Secrets,
): Generator<Captured> {
  for (const section of response.sections) {
    if (section.kind !== "captures") continue;
    for (const capture of section.items) yield captureOne(capture, answer, context, secrets);
  }
}

function captureOne(capture: Capture, answer: Answer, context: Context, secrets: Secrets): Captured {
  const name = context.text(capture.name);
  const found = evaluateQuery(capture.query, answer, context);
  const value = applyFilters(found, capture.filters, context, "capture");
  if (value === undefined)
    throw new Failure("NO_QUERY_RESULT", capture.query.source, "query didn't return any result");
  if (capture.redact) {
    const text = valueText(value);
    if (text === undefined)
      throw new Failure(
        "SECRET_TYPE",
        capture.name.source,
        `secret must be string, actual value is <${value.kind}>`,
      );
    secrets.add(text);
  }
  context.set(name, value);
  return { name, value };
}
