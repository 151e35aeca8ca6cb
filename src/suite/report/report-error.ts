export type ReportErrorCode = "HTML_REPORT" | "JSON_REPORT" | "JUNIT_REPORT" | "TAP_REPORT";

const KINDS: { readonly [code in ReportErrorCode]: string } = {
  HTML_REPORT: "HTML",
  JSON_REPORT: "JSON",
  JUNIT_REPORT: "JUnit",
  TAP_REPORT: "TAP",
};

/** A report to be added to that is none: `code` says of which kind it should be. */
export class ReportError extends Error {
  override readonly name = "ReportError";
  readonly code: ReportErrorCode;

  constructor(code: ReportErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The error about a report to be added to; `why` says what it is not. */
export function noReport(code: ReportErrorCode, why: string, cause?: unknown): ReportError {
  const message = `Cannot add to the ${KINDS[code]} report: ${why}. Remove it, or name another place`;
  return new ReportError(code, message, { cause });
}
