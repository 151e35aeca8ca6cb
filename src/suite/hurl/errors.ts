// The one error of the grammar: what was being read, where, and what should have stood there. The sentences
// are Hurl's own, so that its users meet the words they know. Knows nothing of how the error is shown.
import type { Position } from "./tree.ts";

const DESCRIPTIONS = {
  ASSERT: "Parsing assert",
  BASIC_AUTH_REPEATED: "Parsing section",
  COMMENT: "Parsing comment",
  COOKIE_ATTRIBUTE: "Parsing cookie attribute",
  DUPLICATE_SECTION: "Parsing section",
  DURATION_UNIT: "Parsing duration",
  ESCAPE: "Parsing escape character",
  EXPECTED: "Parsing literal",
  EXPRESSION: "Parsing expression",
  FILENAME: "Parsing filename",
  FUNCTION: "Parsing function",
  GRAPHQL_VARIABLES: "Parsing GraphQL variables",
  HEADER: "Parsing header",
  HEX_DIGIT: "Parsing hexadecimal number",
  HEX_ODD: "Parsing hex bytearray",
  IMPORT: "Parsing import",
  JSON: "Parsing JSON",
  METHOD: "Parsing method",
  MULTILINE_ATTRIBUTE: "Parsing multiline",
  NESTING: "Parsing template",
  OPTION: "Parsing option",
  PREDICATE: "Parsing predicate",
  PREDICATE_VALUE: "Parsing predicate value",
  QUERY: "Parsing query",
  REFERENCE: "Parsing request variable",
  REQUEST_SECTION: "Parsing section",
  REQUEST_SECTION_NAME: "Parsing request section name",
  RESPONSE_SECTION: "Parsing section",
  RESPONSE_SECTION_NAME: "Parsing response section name",
  SCRIPT: "Parsing script",
  SECTION_AFTER_BODY: "Parsing section",
  SETTING: "Parsing setting",
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
