// The one error of the grammar: what was being read, where, and what should have stood there. The sentences
// are Hurl's own, so that its users meet the words they know. Knows nothing of how the error is shown.
import type { Position } from "./tree.ts";

const DESCRIPTIONS = {
  BASIC_AUTH_REPEATED: "Parsing section",
  COOKIE_ATTRIBUTE: "Parsing cookie attribute",
  DUPLICATE_SECTION: "Parsing section",
  DURATION_UNIT: "Parsing duration",
  ESCAPE: "Parsing escape character",
  EXPECTED: "Parsing literal",
  FILE_CONTENT_TYPE: "Parsing file content type",
  FILENAME: "Parsing filename",
  GRAPHQL_VARIABLES: "Parsing GraphQL variables",
  HEX_DIGIT: "Parsing hexadecimal number",
  HEX_ODD: "Parsing hex bytearray",
  JSON: "Parsing JSON",
  METHOD: "Parsing method",
  MULTILINE_ATTRIBUTE: "Parsing multiline",
  NESTING: "Parsing template",
  OPTION: "Parsing option",
  PREDICATE: "Parsing predicate",
  PREDICATE_VALUE: "Parsing predicate value",
  QUERY: "Parsing query",
  REQUEST_SECTION: "Parsing section",
  RESPONSE_SECTION: "Parsing section",
  SECTION_AFTER_BODY: "Parsing section",
  SECTION_NAME: "Parsing section name",
  SPACE: "Parsing space",
  STATUS: "Parsing status code",
  TEMPLATE_VARIABLE: "Parsing variable",
  UNICODE: "Parsing unicode literal",
  URL: "Parsing URL",
  VARIABLE: "Parsing variable",
  VERSION: "Parsing version",
  XML: "Parsing XML",
} as const;

export type HurlSyntaxCode = keyof typeof DESCRIPTIONS;

/** A Hurl file that its grammar does not allow: `description` is what was being read, `expected` what is wrong. */
export class HurlSyntaxError extends Error {
  override readonly name = "HurlSyntaxError";
  readonly code: HurlSyntaxCode;
  readonly position: Position;
  readonly description: string;
  readonly expected: string;

  constructor(code: HurlSyntaxCode, position: Position, expected: string) {
    super(`${DESCRIPTIONS[code]}: ${expected}`);
    this.code = code;
    this.position = position;
    this.description = DESCRIPTIONS[code];
    this.expected = expected;
  }

  get line(): number {
    return this.position.line;
  }

  get column(): number {
    return this.position.column;
  }
}
