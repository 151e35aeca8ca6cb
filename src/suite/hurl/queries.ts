// Queries: what is looked at in a response. Knows no filters and no predicates.
import { readPattern } from "./filters.ts";
import { requireSpaces, skipSpaces } from "./lines.ts";
import { isKeywordPart } from "./literals.ts";
import type { Scanner } from "./scanner.ts";
import { suggestion } from "./suggestions.ts";
import { readBare, readQuoted, type TextRules } from "./templates.ts";
import type { CertificateAttribute, CookieAttribute, PlainQueryName, Query } from "./tree.ts";

const PLAIN: readonly PlainQueryName[] = [
  "status",
  "version",
  "url",
  "ip",
  "body",
  "bytes",
  "rawbytes",
  "duration",
  "sha256",
  "md5",
  "redirects",
];

const NAMES = [...PLAIN, "header", "variable", "xpath", "jsonpath", "regex", "certificate", "cookie"];

const CERTIFICATE_ATTRIBUTES: readonly CertificateAttribute[] = [
  "Subject",
  "Issuer",
  "Start-Date",
  "Expire-Date",
  "Serial-Number",
  "Subject-Alt-Name",
  "Value",
];

const COOKIE_ATTRIBUTES: readonly CookieAttribute[] = [
  "Value",
  "Expires",
  "Max-Age",
  "Domain",
  "Path",
  "Secure",
  "HttpOnly",
  "SameSite",
];

const COOKIE_NAME: TextRules = {
  ends: (scanner) => scanner.char === '"' || scanner.char === "[" || scanner.atLineEnd,
  escapes: '"#\\/bfnrtu',
  unicode: "braces",
  placeholders: true,
};

/** A query: else `QUERY`, or what is wrong with its argument. */
export function readQuery(scanner: Scanner): Query {
  const start = scanner.position;
  const name = scanner.takeWhile(isKeywordPart);
  scanner.emit("keyword");
  const plain = PLAIN.find((one) => one === name);
  if (plain !== undefined) return { kind: plain, source: scanner.since(start) };
  if (!NAMES.includes(name)) {
    throw scanner.error("QUERY", `the query is not valid. ${suggestion(NAMES, name)}`, start);
  }
  requireSpaces(scanner);
  switch (name) {
    case "header":
    case "variable": {
      const argument = readQuoted(scanner);
      return { kind: name, name: argument, source: scanner.since(start) };
    }
    case "xpath":
    case "jsonpath": {
      const expression = readQuoted(scanner);
      return { kind: name, expression, source: scanner.since(start) };
    }
    case "regex": {
      const pattern = readPattern(scanner, readQuoted);
      return { kind: name, pattern, source: scanner.since(start) };
    }
    case "certificate": {
      const attribute = readCertificateAttribute(scanner);
      return { kind: name, attribute, source: scanner.since(start) };
    }
    default: {
      const path = readCookiePath(scanner);
      return { kind: "cookie", ...path, source: scanner.since(start) };
    }
  }
}

function readCertificateAttribute(scanner: Scanner): CertificateAttribute {
  scanner.expect('"');
  const attribute = CERTIFICATE_ATTRIBUTES.find((name) => scanner.startsWith(`${name}"`));
  if (attribute === undefined) {
    const allowed = CERTIFICATE_ATTRIBUTES.map((name) => `<${name}>`).join(", ");
    throw scanner.error("EXPECTED", `expecting 'Field ${allowed.replace(/,(?=[^,]*$)/, " or")}'`);
  }
  scanner.expect(attribute, "keyword");
  scanner.expect('"');
  return attribute;
}

/** `"name"` or `"name[attribute]"`. */
function readCookiePath(scanner: Scanner): Pick<Query & { kind: "cookie" }, "name" | "attribute"> {
  scanner.expect('"');
  const name = readBare(scanner, COOKIE_NAME);
  const attribute = scanner.take("[", "mark") ? readCookieAttribute(scanner) : undefined;
  scanner.expect('"');
  return { name, attribute };
}

function readCookieAttribute(scanner: Scanner): CookieAttribute {
  skipSpaces(scanner);
  const start = scanner.position;
  const written = scanner.takeWhile((char) => char === "-" || isKeywordPart(char)).toLowerCase();
  scanner.emit("keyword");
  const attribute = COOKIE_ATTRIBUTES.find((name) => name.toLowerCase() === written);
  if (attribute === undefined) {
    throw scanner.error("COOKIE_ATTRIBUTE", "the cookie attribute is not valid", start);
  }
  skipSpaces(scanner);
  scanner.expect("]");
  return attribute;
}
