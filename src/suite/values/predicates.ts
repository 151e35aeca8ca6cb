// What a predicate asks of a value, and what is said when it does not hold. A predicate that cannot be asked of a
// kind of value fails with `not`, too; of no value at all none holds, so with `not` each does.

import { Failure } from "../failure.ts";
import type { PlainPredicateName, Predicate, Span, ValuePredicateName } from "../hurl/tree.ts";
import { sizeOf } from "./collection-filters.ts";
import { compareValues, sameValue } from "./comparing.ts";
import { predicateValue } from "./predicate-value.ts";
import { compileRegex } from "./regex.ts";
import { isDateTimeText, isIpv4Text, isIpv6Text, isUuidText } from "./string-forms.ts";
import type { Evaluation, Value, ValueKind } from "./value.ts";
import { describeValue } from "./value-text.ts";

const MISMATCH = "types between actual and expected are not consistent";

/** "mismatch": it cannot be asked of values of this kind. */
type Answer = boolean | "mismatch";

interface Verdict {
  readonly answer: Answer;
  /** Unless it is the value itself. */
  readonly actual?: string;
  readonly expected: string;
}

/**
 * Asks the predicate of a value, undefined for none. Returns the failure when it does not hold, `ASSERT` at `source`;
 * throws Failure when its own value cannot be evaluated (`INVALID_REGEX` at the predicate, and those of templates and
 * files).
 */
export function judgePredicate(
  predicate: Predicate,
  actual: Value | undefined,
  evaluation: Evaluation,
  source: Span,
): Failure | undefined {
  const verdict =
    "value" in predicate
      ? judgeAgainst(predicate, actual, predicateValue(predicate.value, evaluation))
      : PLAIN[predicate.kind](actual);
  const { answer, expected } = verdict;
  if (answer !== "mismatch" && answer !== predicate.not) return undefined;
  const detail = {
    form: "values",
    actual: verdict.actual ?? describeValue(actual),
    expected: predicate.not ? negated(expected) : expected,
    remark: answer === "mismatch" ? MISMATCH : undefined,
  } as const;
  return new Failure("ASSERT", source, detail, { kind: "assert" });
}

function negated(expected: string): string {
  return expected.startsWith("not ") ? expected.slice("not ".length) : `not ${expected}`;
}

type PlainPredicate = (value: Value | undefined) => Verdict;

const PLAIN: { readonly [name in PlainPredicateName]: PlainPredicate } = {
  exists: (value) => ({
    answer: value !== undefined && !(value.kind === "nodeset" && value.count === 0),
    expected: "something",
  }),
  isEmpty,
  isBoolean: ofKind("boolean", "boolean"),
  isCollection: ofKind("collection", "list", "object", "nodeset", "bytes"),
  isDate: ofKind("date", "date"),
  isFloat: ofKind("float", "float"),
  isInteger: ofKind("integer", "integer"),
  isList: ofKind("list", "list"),
  isNumber: ofKind("number", "integer", "float"),
  isObject: ofKind("object", "object"),
  isString: ofKind("string", "string"),
  isIpv4: inForm(isIpv4Text, "string in IPv4 format", "ipv4"),
  isIpv6: inForm(isIpv6Text, "string in IPv6 format", "ipv6"),
  isIsoDate: inForm(isDateTimeText, "string with format YYYY-MM-DDTHH:mm:ss.sssZ", "date"),
  isUuid: inForm(isUuidText, "string in UUID format", "uuid"),
};

function ofKind(name: string, ...kinds: readonly ValueKind[]): PlainPredicate {
  return (value) => ({ answer: value !== undefined && kinds.includes(value.kind), expected: name });
}

function inForm(test: (text: string) => boolean, form: string, absent: string): PlainPredicate {
  return (value) => {
    if (value === undefined) return { answer: false, expected: absent };
    if (value.kind !== "string") return { answer: "mismatch", expected: "string" };
    return { answer: test(value.value), actual: value.value, expected: form };
  };
}

function isEmpty(value: Value | undefined): Verdict {
  if (value === undefined) return { answer: false, expected: "empty" };
  const size = value.kind === "string" ? [...value.value].length : sizeOf(value);
  if (size === undefined) return { answer: "mismatch", expected: "count equals to 0" };
  return { answer: size === 0, actual: `count equals to ${size}`, expected: "count equals to 0" };
}

type ValuePredicate = (actual: Value, expected: Value, source: Span) => Answer;

const WITH_VALUE: {
  readonly [name in ValuePredicateName]: readonly [words: string, ask: ValuePredicate];
} = {
  "==": ["", sameValue],
  "!=": ["not ", (actual, expected) => !sameValue(actual, expected)],
  ">": ["greater than ", ordered((order) => order > 0)],
  ">=": ["greater than or equals to ", ordered((order) => order >= 0)],
  "<": ["less than ", ordered((order) => order < 0)],
  "<=": ["less than or equals to ", ordered((order) => order <= 0)],
  startsWith: ["starts with ", inSequence((whole, part) => whole.startsWith(part))],
  endsWith: ["ends with ", inSequence((whole, part) => whole.endsWith(part))],
  contains: [
    "contains ",
    (actual, expected, source) => {
      if (actual.kind === "list") return includes(actual, expected);
      return inSequence((whole, part) => whole.includes(part))(actual, expected, source);
    },
  ],
  includes: ["includes ", includes],
  matches: ["matches ", matches],
};

function judgeAgainst(
  { kind, source }: Predicate & { readonly kind: ValuePredicateName },
  actual: Value | undefined,
  expected: Value,
): Verdict {
  const [words, ask] = WITH_VALUE[kind];
  const meant: Value =
    kind === "matches" && expected.kind === "string" ? { kind: "regex", pattern: expected.value } : expected;
  // A pattern that is not valid is a fault, whatever it is asked of.
  if (kind === "matches" && meant.kind === "regex") compileRegex(meant.pattern, source);
  return {
    // What is not there is not compared: neither equal to anything nor different from it.
    answer: actual !== undefined && ask(actual, meant, source),
    expected: `${words}${describeValue(meant)}`,
  };
}

function ordered(holds: (order: number) => boolean): ValuePredicate {
  return (actual, expected) => {
    const order = compareValues(actual, expected);
    return order === undefined ? "mismatch" : holds(order);
  };
}

/** Of strings and bytes alike, the bytes as a character each. */
function inSequence(holds: (whole: string, part: string) => boolean): ValuePredicate {
  return (actual, expected) => {
    if (actual.kind === "string" && expected.kind === "string") return holds(actual.value, expected.value);
    if (actual.kind !== "bytes" || expected.kind !== "bytes") return "mismatch";
    return holds(byteText(actual.value), byteText(expected.value));
  };
}

function includes(actual: Value, expected: Value): Answer {
  if (actual.kind !== "list") return "mismatch";
  return actual.items.some((item) => sameValue(item, expected));
}

function matches(actual: Value, expected: Value, source: Span): Answer {
  if (expected.kind !== "regex") return "mismatch";
  const regex = compileRegex(expected.pattern, source);
  return actual.kind === "string" ? regex.matches(actual.value) : "mismatch";
}

function byteText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
