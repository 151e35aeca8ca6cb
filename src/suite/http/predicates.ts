// What httpyac's operators come to: predicates of Hurl's, after filters where the two see a value's type in different
// ways. httpyac takes what is expected for whatever type was found, so texts are compared unless it is a number's
// comparison.
import type { Scanner } from "../hurl/scanner.ts";
import type {
  Assert,
  Filter,
  NumberValue,
  Placeholder,
  PlainPredicateName,
  Predicate,
  PredicateValue,
  Span,
  Template,
  ValuePredicateName,
} from "../hurl/tree.ts";
import {
  expectedNumber,
  expectedText,
  mayBeNumber,
  mayBeOther,
  noValue,
  typedValue,
} from "./expected-values.ts";
import { truthOf } from "./json-paths.ts";
import type { Named, Subject } from "./operators.ts";
import { plainText, textTemplate } from "./templates.ts";

type Judgement = Pick<Assert, "query" | "filters" | "predicate">;

/** Query, filters and predicate of an assert: else `ASSERT` or `PREDICATE_VALUE`. */
export function judgement(
  subject: Subject,
  operator: Named,
  expected: Template,
  scanner: Scanner,
): Judgement {
  const make = new Maker(subject, operator, expected, scanner);
  switch (operator.name) {
    case "==":
    case "===":
    case "equals":
      return make.equality("==");
    case "!=":
    case "!==":
      return make.equality("!=");
    case ">":
    case ">=":
    case "<":
    case "<=":
      return make.order(operator.name);
    case "startsWith":
    case "endsWith":
      return make.text(operator.name, make.asText);
    case "includes":
    case "contains":
      return make.text("contains", subject.of === "number" ? make.asText : []);
    case "matches":
      return make.matching();
    case "exists":
      return make.plain("exists");
    case "isTrue":
      return make.truth(true);
    case "isFalse":
      return make.truth(false);
    case "isNumber":
    case "isBoolean":
    case "isString":
      return make.plain(operator.name);
    case "isArray":
      return make.plain("isList");
    case "sha256":
    case "md5":
      return make.digest(operator.name);
    case "sha512":
      throw make.wrong("SHA-512 is not computed here. Ask for sha256 or md5");
  }
}

class Maker {
  readonly #subject: Subject;
  readonly #operator: Named;
  readonly #expected: Template;
  readonly #scanner: Scanner;

  constructor(subject: Subject, operator: Named, expected: Template, scanner: Scanner) {
    this.#subject = subject;
    this.#operator = operator;
    this.#expected = expected;
    this.#scanner = scanner;
  }

  /** Filters that make a text of what is no text yet. */
  get asText(): readonly Filter[] {
    return ["text", "body", "xpath"].includes(this.#subject.of) ? [] : [this.#filter("toString")];
  }

  wrong(why: string): Error {
    return this.#scanner.error("ASSERT", why, this.#operator.source.start);
  }

  equality(kind: "==" | "!="): Judgement {
    const { of, query } = this.#subject;
    if (of === "number") return this.#judge(kind, this.#number("toInt"));
    const typed = typedValue(this.#expected, of === "body");
    if (of === "body" && typed?.kind === "placeholder") {
      const expression = textTemplate("$", query.source, "");
      return { ...this.#judge(kind, typed), query: { kind: "jsonpath", expression, source: query.source } };
    }
    if ((of === "json" || of === "variable") && typed !== undefined) return this.#judge(kind, typed);
    const filters = mayBeOther(this.#expected) ? this.asText : [];
    return this.#judge(kind, expectedText(this.#expected, this.#scanner), filters);
  }

  order(kind: ">" | ">=" | "<" | "<="): Judgement {
    const { of, query } = this.#subject;
    if (of === "number") return this.#judge(kind, this.#number("toInt"));
    if (!mayBeNumber(this.#expected)) {
      return this.#judge(kind, expectedText(this.#expected, this.#scanner), this.asText);
    }
    if (of !== "xpath" || query.kind !== "xpath") {
      return this.#judge(kind, this.#number("toFloat"), of === "json" ? [] : [this.#filter("toFloat")]);
    }
    const expression = wrapped("number(", query.expression, ")");
    return { ...this.#judge(kind, this.#number("toFloat")), query: { ...query, expression } };
  }

  text(kind: ValuePredicateName, filters: readonly Filter[]): Judgement {
    return this.#judge(kind, expectedText(this.#expected, this.#scanner), filters);
  }

  matching(): Judgement {
    const pattern = plainText(this.#expected);
    const { source } = this.#expected;
    if (pattern === "") throw noValue(this.#expected, this.#scanner, "a regular expression");
    const value =
      pattern === undefined
        ? expectedText(this.#expected, this.#scanner)
        : ({ kind: "regex", pattern, source } as const);
    return this.#judge("matches", value, this.asText);
  }

  plain(kind: PlainPredicateName, not = false): Judgement {
    this.#requireNothing();
    const { of, query } = this.#subject;
    if (of === "xpath" && kind === "isString")
      return this.#text({ kind, not, source: this.#operator.source });
    return { query, filters: [], predicate: { kind, not, source: this.#operator.source } };
  }

  truth(holds: boolean): Judgement {
    const { of, query } = this.#subject;
    if (of === "body") return this.plain("isEmpty", holds);
    if (query.kind !== "jsonpath") return this.plain("exists", !holds);
    const path = plainText(query.expression);
    if (path === undefined)
      throw this.wrong("a path with variables in it can not be asked this. Ask with ==");
    const expression = textTemplate(truthOf(path), query.source, "");
    return { ...this.plain("exists", !holds), query: { ...query, expression } };
  }

  digest(kind: "sha256" | "md5"): Judgement {
    if (this.#subject.of !== "body") throw this.wrong(`${kind} can be asked of the whole body only`);
    const text = plainText(this.#expected) ?? "";
    const length = kind === "sha256" ? 32 : 16;
    const { source } = this.#expected;
    const hex = /^[0-9a-f]+$/i.test(text) && text.length === length * 2;
    const bytes = new Uint8Array(Buffer.from(text, hex ? "hex" : "base64"));
    if (bytes.length !== length)
      throw noValue(this.#expected, this.#scanner, `a digest of ${length} bytes in base64`);
    const value = { kind: hex ? "hex" : "base64", bytes, source } as const;
    return { ...this.#judge("==", value), query: { kind, source: this.#subject.query.source } };
  }

  #judge(kind: ValuePredicateName, value: PredicateValue, filters: readonly Filter[] = []): Judgement {
    const source = { start: this.#operator.source.start, end: value.source.end };
    const predicate: Predicate = { kind, not: false, value, source };
    if (this.#subject.of === "xpath") return this.#text(predicate);
    return { query: this.#subject.query, filters, predicate };
  }

  /** About the text of the node that an XPath expression finds, where Hurl would have the node. */
  #text(predicate: Predicate): Judgement {
    const { query } = this.#subject;
    if (query.kind !== "xpath") return { query, filters: [], predicate };
    return {
      query: { ...query, expression: wrapped("string(", query.expression, ")") },
      filters: [],
      predicate,
    };
  }

  #number(filter: "toInt" | "toFloat"): NumberValue | Placeholder {
    return expectedNumber(this.#expected, this.#filter(filter), this.#scanner);
  }

  #requireNothing(): void {
    if (this.#expected.parts.length === 0) return;
    throw this.#scanner.error("EXPECTED", "expecting 'newline'", this.#expected.source.start);
  }

  #filter(kind: "toString" | "toInt" | "toFloat"): Filter {
    return { kind, source: this.#operator.source };
  }
}

function wrapped(before: string, { parts, source }: Template, after: string): Template {
  const piece = (value: string, at: Span["start"]) =>
    ({ kind: "text", value, raw: "", source: { start: at, end: at } }) as const;
  return { delimiter: "", parts: [piece(before, source.start), ...parts, piece(after, source.end)], source };
}
