// What a file says of an answer, held against the answer: its response line, headers and body, and its [Asserts].

import { fieldText } from "../../text/field-text.ts";
import { Failure } from "../failure.ts";
import type { Assert, BodyValue, HurlBody, HurlResponse, KeyValue, Position, Span } from "../hurl/tree.ts";
import { applyFilters } from "../values/filters.ts";
import { judgePredicate } from "../values/predicates.ts";
import type { Evaluation } from "../values/value.ts";
import type { Answer } from "./answer.ts";
import { bodyBytes } from "./body-value.ts";
import { evaluateQuery } from "./queries.ts";

export interface AssertOutcome {
  readonly source: Span;
  readonly failure: Failure | undefined;
}

/** The response line: when it does not hold, the rest of the answer is another one than was thought of. */
export function assertResponseLine(expected: HurlResponse, { response }: Answer): AssertOutcome[] {
  const { version, status } = expected;
  const outcomes: AssertOutcome[] = [];
  if (version.value !== "any") {
    const actual = `HTTP/${response.version}`;
    const holds = version.value === actual;
    outcomes.push(outcome(version.source, holds, "ASSERT_VERSION", `actual value is <${actual}>`));
  }
  if (status.value !== "any") {
    const holds = status.value === response.status;
    outcomes.push(outcome(status.source, holds, "ASSERT_STATUS", `actual value is <${response.status}>`));
  }
  return outcomes;
}

/** Headers, body and [Asserts], in their order; each is asked for, whatever came of the others. */
export function assertRest(expected: HurlResponse, answer: Answer, evaluation: Evaluation): AssertOutcome[] {
  const { headers, body, sections } = expected;
  const outcomes = headers.map((header) =>
    judged(header.source, () => headerFailure(header, answer, evaluation)),
  );
  for (const section of sections) {
    if (section.kind !== "asserts") continue;
    for (const assert of section.items)
      outcomes.push(judged(assert.source, () => assertFailure(assert, answer, evaluation)));
  }
  if (body !== undefined)
    outcomes.push(judged(body.value.source, () => bodyFailure(body, answer, evaluation)));
  return outcomes;
}

function headerFailure(header: KeyValue, answer: Answer, evaluation: Evaluation): Failure | undefined {
  const name = evaluation.text(header.key);
  const expected = evaluation.text(header.value);
  const actual = answer.response.fields.values(name).map(fieldText);
  if (actual.includes(expected)) return undefined;
  if (actual.length === 0)
    return new Failure("QUERY_HEADER", header.key.source, "this header has not been found in the response", {
      kind: "assert",
    });
  const shown = actual.map((value) => `<${value}>`).join(", ");
  const text = actual.length === 1 ? `actual value is ${shown}` : `actual values are ${shown}`;
  return new Failure("ASSERT_HEADER", header.value.source, text, { kind: "assert" });
}

function assertFailure(assert: Assert, answer: Answer, evaluation: Evaluation): Failure | undefined {
  const { query, filters, predicate, source } = assert;
  const value = applyFilters(evaluateQuery(query, answer, evaluation), filters, evaluation, "assert");
  return judgePredicate(predicate, value, evaluation, source);
}

function bodyFailure({ value }: HurlBody, answer: Answer, evaluation: Evaluation): Failure | undefined {
  const expected = bodyBytes(value, evaluation);
  if (expected.text === undefined) {
    const source = encodedSource(value);
    const actual = answer.bytes(source);
    if (Buffer.compare(actual, expected.bytes) === 0) return undefined;
    return new Failure("ASSERT_BODY", source, `actual value is <${hex(actual)}>`, { kind: "assert" });
  }
  const actual = answer.text(value.source);
  if (actual === expected.text) return undefined;
  const severalLines = actual.includes("\n") || expected.text.includes("\n");
  const detail = severalLines
    ? ({ form: "difference", actual, expected: expected.text } as const)
    : `actual value is <${actual}>`;
  return new Failure("ASSERT_BODY", value.source, detail, { kind: "assert" });
}

/** Of bytes that the file spells out: without the name of their encoding and the semicolon. */
function encodedSource({ kind, source }: BodyValue): Span {
  if (kind !== "base64" && kind !== "hex") return source;
  return { start: moved(source.start, `${kind},`.length), end: moved(source.end, -1) };
}

function moved({ offset, line, column }: Position, by: number): Position {
  return { offset: offset + by, line, column: column + by };
}

const MOST_BYTES_SHOWN = 64;

function hex(bytes: Uint8Array): string {
  const shown = Buffer.from(bytes.subarray(0, MOST_BYTES_SHOWN)).toString("hex");
  return bytes.length > MOST_BYTES_SHOWN ? `${shown}… (${bytes.length} bytes)` : shown;
}

/** What cannot be evaluated in an assert fails the assert, not the run. */
function judged(source: Span, judge: () => Failure | undefined): AssertOutcome {
  try {
    return { source, failure: judge() };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { source, failure: error.asAssert() };
  }
}

function outcome(
  source: Span,
  holds: boolean,
  code: "ASSERT_STATUS" | "ASSERT_VERSION",
  text: string,
): AssertOutcome {
  return { source, failure: holds ? undefined : new Failure(code, source, text, { kind: "assert" }) };
}
