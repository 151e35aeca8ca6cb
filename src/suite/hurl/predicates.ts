// Predicates: what is asked of a value, and the value it is compared with. Knows no queries.
import { readBytes } from "./bytes.ts";
import { isSpace, requireSpaces, skipSpaces } from "./lines.ts";
import { atNumber, isKeywordPart, peekKeyword, readConstant, readNumber, readRegex } from "./literals.ts";
import { readMultiline } from "./multiline.ts";
import type { Scanner } from "./scanner.ts";
import { readBackticked, readPlaceholder, readQuoted } from "./templates.ts";
import type { PlainPredicateName, Predicate, PredicateValue, ValuePredicateName } from "./tree.ts";

type ValueKind = PredicateValue["kind"];

const TEXTS: readonly ValueKind[] = ["string", "oneline", "multiline", "placeholder"];
const ORDERED: readonly ValueKind[] = ["integer", "float", "string", "placeholder"];
const BINARY: readonly ValueKind[] = [...TEXTS, "base64", "hex"];

// Which kinds of value each predicate takes; undefined where it takes any.  The longer operators come first.
const OPERATORS: readonly (readonly [ValuePredicateName, readonly ValueKind[] | undefined])[] = [
  ["==", undefined],
  ["!=", undefined],
  [">=", ORDERED],
  ["<=", ORDERED],
  [">", ORDERED],
  ["<", ORDERED],
];

const WORDS: ReadonlyMap<string, readonly ValueKind[] | undefined> = new Map([
  ["startsWith", BINARY],
  ["endsWith", BINARY],
  ["contains", undefined],
  ["includes", undefined],
  ["matches", ["string", "oneline", "regex", "placeholder"]],
]);

const PLAIN: readonly PlainPredicateName[] = [
  "exists",
  "isBoolean",
  "isCollection",
  "isDate",
  "isEmpty",
  "isFloat",
  "isInteger",
  "isIpv4",
  "isIpv6",
  "isIsoDate",
  "isList",
  "isNumber",
  "isObject",
  "isString",
  "isUuid",
];

/** A predicate, perhaps after `not`: else `PREDICATE`, or `PREDICATE_VALUE` for a value that it does not take. */
export function readPredicate(scanner: Scanner): Predicate {
  const start = scanner.position;
  const not = peekKeyword(scanner) === "not" && isSpace(scanner.charAt(3));
  if (not) {
    scanner.take("not", "keyword");
    skipSpaces(scanner);
  }
  const operator = OPERATORS.find(([name]) => scanner.startsWith(name));
  if (operator !== undefined) {
    const [kind, allowed] = operator;
    scanner.take(kind, "keyword");
    skipSpaces(scanner);
    return { kind, not, value: readAllowed(scanner, allowed), source: scanner.since(start) };
  }
  const word = peekKeyword(scanner);
  const plain = PLAIN.find((name) => name === word);
  if (plain === undefined && !WORDS.has(word)) throw scanner.error("PREDICATE", "expecting a predicate");
  scanner.takeWhile(isKeywordPart);
  scanner.emit("keyword");
  if (plain !== undefined) return { kind: plain, not, source: scanner.since(start) };
  requireSpaces(scanner);
  const value = readAllowed(scanner, WORDS.get(word));
  return { kind: word as ValuePredicateName, not, value, source: scanner.since(start) };
}

function readAllowed(scanner: Scanner, allowed: readonly ValueKind[] | undefined): PredicateValue {
  const start = scanner.position;
  const value = readPredicateValue(scanner);
  if (allowed !== undefined && !allowed.includes(value.kind)) {
    throw scanner.error("PREDICATE_VALUE", "invalid predicate value", start);
  }
  return value;
}

function readPredicateValue(scanner: Scanner): PredicateValue {
  const constant = readConstant(scanner);
  if (constant !== undefined) return constant;
  if (atNumber(scanner)) return readNumber(scanner);
  if (scanner.startsWith("{{")) return readPlaceholder(scanner);
  if (scanner.char === "/") return readRegex(scanner);
  if (scanner.startsWith("```")) return readMultiline(scanner);
  if (scanner.char === "`") {
    const value = readBackticked(scanner);
    return { kind: "oneline", value, source: value.source };
  }
  if (scanner.char === '"') {
    const value = readQuoted(scanner);
    return { kind: "string", value, source: value.source };
  }
  const bytes = readBytes(scanner);
  if (bytes === undefined) throw scanner.error("PREDICATE_VALUE", "invalid predicate value");
  return bytes;
}
