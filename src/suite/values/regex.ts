// Regular expressions, in linear time whatever the pattern. Knows how a pattern is run; what the pattern's own
// language is, translates regex-syntax.ts.

import { RE2JS } from "re2js";
import { Failure } from "../failure.ts";
import type { Span } from "../hurl/tree.ts";
import { translatePattern } from "./regex-syntax.ts";

export interface Regex {
  /** What the first group took in the first match; undefined when nothing matches. Throws Failure: no group. */
  capture(text: string): string | undefined;
  /** Whether it matches anywhere. */
  matches(text: string): boolean;
  /** Every match replaced; `by` may name groups: `$1`, `${name}`, `$$`. */
  replaceAll(text: string, by: string): string;
}

const MOST_KEPT = 256;
const compiled = new Map<string, RE2JS>();

/** A pattern made ready, in the syntax of Rust's regexes. Throws Failure `INVALID_REGEX`. */
export function compileRegex(pattern: string, source: Span): Regex {
  const regex = compiled.get(pattern) ?? compileNew(pattern, source);
  return {
    capture(text) {
      if (regex.groupCount() === 0) {
        throw new Failure("INVALID_REGEX", source, "regex expression must have at least one capture group");
      }
      const matcher = regex.matcher(text);
      return matcher.find() ? (matcher.group(1) ?? undefined) : undefined;
    },
    matches: (text) => regex.test(text),
    replaceAll: (text, by) => replaceAll(regex, text, by),
  };
}

function compileNew(pattern: string, source: Span): RE2JS {
  try {
    const regex = RE2JS.compile(translatePattern(pattern));
    // The oldest goes first.
    for (const oldest of compiled.keys()) {
      if (compiled.size < MOST_KEPT) break;
      compiled.delete(oldest);
    }
    compiled.set(pattern, regex);
    return regex;
  } catch (error) {
    throw invalidRegex(source, error);
  }
}

function invalidRegex(source: Span, cause: unknown): Failure {
  const why = (cause instanceof Error ? cause.message : String(cause)).replace("error parsing regexp: ", "");
  return new Failure("INVALID_REGEX", source, `regex expression is not valid: ${why}`, { cause });
}

/** `$$`, `${name}`, and `$name` as long as there are letters, digits and "_": `$1a` is the group "1a". */
const REFERENCE = /\$(?:(\$)|\{([^{}]*)\}|(\w+))/g;

function replaceAll(regex: RE2JS, text: string, by: string): string {
  const matcher = regex.matcher(text);
  const names = regex.namedGroups();
  let result = "";
  let end = 0;
  while (matcher.find()) {
    const group = (name: string): string => {
      const number = /^\d+$/.test(name) ? Number(name) : names[name];
      return number === undefined || number > regex.groupCount() ? "" : (matcher.group(number) ?? "");
    };
    const replacement = by.replace(REFERENCE, (_, dollar?: string, braced?: string, bare?: string) =>
      dollar === undefined ? group(braced ?? bare ?? "") : "$",
    );
    result += text.slice(end, matcher.start()) + replacement;
    end = matcher.end();
  }
  return result + text.slice(end);
}
