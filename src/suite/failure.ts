// What goes wrong while a test file runs: where in the file, and what to say of it. The titles are Hurl's own
// words. Knows nothing of how a failure is printed.

import type { Span } from "./hurl/tree.ts";

export type FailureDetail =
  /** A sentence that stands under the place, behind a caret. */
  | { readonly form: "caret"; readonly text: string }
  /** What was there and what should have been, a line each, such as `integer <2>`; `remark` says what else matters. */
  | {
      readonly form: "values";
      readonly actual: string;
      readonly expected: string;
      readonly remark?: string | undefined;
    }
  /** Two texts of several lines, to be shown as a difference. */
  | { readonly form: "difference"; readonly actual: string; readonly expected: string };

const TITLES = {
  ASSERT: "Assert failure",
  ASSERT_BODY: "Assert body value",
  ASSERT_HEADER: "Assert header value",
  ASSERT_STATUS: "Assert status code",
  ASSERT_VERSION: "Assert HTTP version",
  BODY_DECODING: "Decompression error",
  CHARSET: "Invalid charset",
  EXPRESSION_TYPE: "Invalid expression type",
  FILE: "File read access",
  FILE_FORBIDDEN: "Unauthorized file access",
  FILE_WRITE: "File write access",
  FILTER: "Filter error",
  FILTER_DATE: "Filter error",
  FILTER_DECODE: "Filter error",
  FILTER_INPUT: "Filter error",
  HTTP_CONNECTION: "HTTP connection",
  INTERRUPTED: "Interrupted",
  INVALID_DECODING: "Invalid decoding",
  INVALID_JSON: "Invalid JSON",
  INVALID_JSONPATH: "Invalid JSONPath",
  INVALID_REGEX: "Invalid regex",
  INVALID_URL: "Invalid URL",
  INVALID_VALUE: "Invalid value",
  INVALID_XML: "Invalid XML",
  INVALID_XPATH: "Invalid XPath expression",
  NO_QUERY_RESULT: "No query result",
  OPTION: "Unsupported option",
  OPTION_VALUE: "Invalid option value",
  QUERY_HEADER: "Header not found",
  SECRET_TYPE: "Invalid secret type",
  TEMPLATE_VALUE: "Unrenderable expression",
  TEMPLATE_VARIABLE: "Undefined variable",
  TIMEOUT: "HTTP connection",
  TOO_MANY_REDIRECTS: "HTTP connection",
} as const;

export type FailureCode = keyof typeof TITLES;

/**
 * An entry that could not be run, or an assert that does not hold. `kind` tells which: a "runtime" failure ends
 * the run with code 3, an "assert" failure with 4.
 */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: FailureCode;
  readonly kind: "runtime" | "assert";
  readonly source: Span;
  readonly detail: FailureDetail;

  constructor(
    code: FailureCode,
    source: Span,
    detail: FailureDetail | string,
    options: { readonly kind?: "runtime" | "assert"; readonly cause?: unknown } = {},
  ) {
    const shown: FailureDetail = typeof detail === "string" ? { form: "caret", text: detail } : detail;
    super(`${TITLES[code]}: ${sentence(shown)}`, { cause: options.cause });
    this.code = code;
    this.kind = options.kind ?? "runtime";
    this.source = source;
    this.detail = shown;
  }

  get title(): string {
    return TITLES[this.code];
  }

  /** The same, as the failure of an assert. */
  asAssert(): Failure {
    if (this.kind === "assert") return this;
    return new Failure(this.code, this.source, this.detail, { kind: "assert", cause: this.cause });
  }
}

function sentence(detail: FailureDetail): string {
  switch (detail.form) {
    case "caret":
      return detail.text;
    case "values":
      return `actual: ${detail.actual}, expected: ${detail.expected}${detail.remark === undefined ? "" : ` (${detail.remark})`}`;
    case "difference":
      return "the two differ";
  }
}
