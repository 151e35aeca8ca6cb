// The tree of a Hurl file: what each construct holds and where it stands. Knows no reading, no running and no
// printing. A `source` runs from a node's first significant character to its last; spaces, newlines and
// comments are among the file's tokens, and blank lines with their comments belong to the line that follows.

/** A place in the file: `offset` in UTF-16 units from 0, `line` and `column` from 1, columns in characters. */
export interface Position {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** From the first character to the place after the last one. */
export interface Span {
  readonly start: Position;
  readonly end: Position;
}

export interface Sourced {
  readonly source: Span;
}

export type TokenKind = "bom" | "space" | "newline" | "comment" | "keyword" | "mark" | "number" | "text";

/** A piece of the file; all of them, joined, are the file. */
export interface Token extends Sourced {
  readonly kind: TokenKind;
  readonly text: string;
}

/** A comment, `text` without its "#". */
export interface Comment extends Sourced {
  readonly text: string;
}

/** The end of a line: spaces, perhaps a comment, and a newline or the end of the file. */
export interface LineEnd extends Sourced {
  readonly comment: Comment | undefined;
}

/** What every construct with lines of its own has: the blank and comment lines before it, and its line's end. */
export interface Line extends Sourced {
  readonly before: readonly LineEnd[];
  readonly ending: LineEnd;
}

export interface HurlFile extends Sourced {
  readonly entries: readonly Entry[];
  /** Blank and comment lines after the last entry. */
  readonly after: readonly LineEnd[];
  readonly tokens: readonly Token[];
}

export interface Entry extends Sourced {
  readonly request: HurlRequest;
  readonly response: HurlResponse | undefined;
}

export interface HurlRequest extends Line {
  readonly method: Word;
  readonly url: Template;
  readonly headers: readonly KeyValue[];
  readonly sections: readonly RequestSection[];
  readonly body: HurlBody | undefined;
}

export interface HurlResponse extends Line {
  readonly version: Version;
  readonly status: Status;
  readonly headers: readonly KeyValue[];
  readonly sections: readonly ResponseSection[];
  readonly body: HurlBody | undefined;
}

export interface Word extends Sourced {
  readonly text: string;
}

/** "any" is `HTTP` and `HTTP/*`. */
export interface Version extends Sourced {
  readonly value: "any" | "HTTP/1.0" | "HTTP/1.1" | "HTTP/2" | "HTTP/3";
}

export interface Status extends Sourced {
  readonly value: "any" | number;
}

// Templates

export type Delimiter = "" | '"' | "`" | "```";

/** Text with placeholders. */
export interface Template extends Sourced {
  readonly delimiter: Delimiter;
  readonly parts: readonly TemplatePart[];
}

export type TemplatePart = TextPart | Placeholder;

/** `value` is the text that is meant, `raw` what the file holds, escapes included. */
export interface TextPart extends Sourced {
  readonly kind: "text";
  readonly value: string;
  readonly raw: string;
}

export interface Placeholder extends Sourced {
  readonly kind: "placeholder";
  readonly value: Variable | FunctionCall;
  readonly filters: readonly Filter[];
}

export interface Variable extends Sourced {
  readonly kind: "variable";
  readonly name: string;
}

export type FunctionCall = HurlFunction | DynamicVariable;

export interface HurlFunction extends Sourced {
  readonly kind: "function";
  readonly name: "newDate" | "newUuid";
}

/** What `.http` files call a dynamic variable, such as `$randomInt 1 6`; `arguments` as they are written. */
export interface DynamicVariable extends Sourced {
  readonly kind: "function";
  readonly name: DynamicName;
  readonly arguments: readonly string[];
}

/** `$json` is for values that a Hurl file has no form for: its one argument is a JSON text. */
export type DynamicName =
  | "$datetime"
  | "$dotenv"
  | "$guid"
  | "$isoTimestamp"
  | "$json"
  | "$localDatetime"
  | "$processEnv"
  | "$random.alphabetic"
  | "$random.alphanumeric"
  | "$random.email"
  | "$random.float"
  | "$random.hexadecimal"
  | "$random.integer"
  | "$random.uuid"
  | "$randomInt"
  | "$timestamp"
  | "$uuid";

/** A regular expression between slashes; `pattern` with its "\/" read as "/". */
export interface RegexLiteral extends Sourced {
  readonly kind: "regex";
  readonly pattern: string;
}

// Sections

export interface KeyValue extends Line {
  readonly kind: "key-value";
  readonly key: Template;
  readonly value: Template;
}

/** A part of a multipart form that is a file. */
export interface FileParam extends Line {
  readonly kind: "file-param";
  readonly key: Template;
  readonly file: FileBytes;
  readonly contentType: Template | undefined;
}

/** `name` as it is written: [Query] and [QueryStringParams] are both of kind "query". */
interface Section extends Line {
  readonly name: Word;
}

export interface ParamsSection extends Section {
  readonly kind: "query" | "form" | "cookies" | "basic-auth";
  readonly items: readonly KeyValue[];
}

export interface MultipartSection extends Section {
  readonly kind: "multipart";
  readonly items: readonly (KeyValue | FileParam)[];
}

export interface OptionsSection extends Section {
  readonly kind: "options";
  readonly items: readonly HurlOption[];
}

export interface CapturesSection extends Section {
  readonly kind: "captures";
  readonly items: readonly Capture[];
}

export interface AssertsSection extends Section {
  readonly kind: "asserts";
  readonly items: readonly Assert[];
}

export type RequestSection = ParamsSection | MultipartSection | OptionsSection;
export type ResponseSection = CapturesSection | AssertsSection;

export interface Capture extends Line {
  readonly kind: "capture";
  readonly name: Template;
  readonly query: Query;
  readonly filters: readonly Filter[];
  readonly redact: boolean;
}

export interface Assert extends Line {
  readonly kind: "assert";
  readonly query: Query;
  readonly filters: readonly Filter[];
  readonly predicate: Predicate;
}

// Options

export interface HurlOption extends Line {
  readonly kind: "option";
  readonly name: Word;
  readonly value: OptionValue;
}

export type OptionValue =
  | Placeholder
  | ({ readonly kind: "boolean"; readonly value: boolean } & Sourced)
  | ({ readonly kind: "count"; readonly value: number | "unlimited" } & Sourced)
  | ({ readonly kind: "natural"; readonly value: number } & Sourced)
  | Duration
  | ({ readonly kind: "string"; readonly value: Template } & Sourced)
  | ({ readonly kind: "verbosity"; readonly value: "brief" | "verbose" | "debug" } & Sourced)
  | VariableDefinition;

/** A length of time; which unit an absent one means is the option's to say. */
export interface Duration extends Sourced {
  readonly kind: "duration";
  readonly value: number;
  readonly unit: "ms" | "s" | "m" | "h" | undefined;
}

export interface VariableDefinition extends Sourced {
  readonly kind: "variable-definition";
  readonly name: string;
  readonly value: NullValue | BooleanValue | NumberValue | StringValue;
}

// Queries, filters, predicates

export type PlainQueryName =
  | "status"
  | "version"
  | "url"
  | "ip"
  | "body"
  | "bytes"
  | "rawbytes"
  | "duration"
  | "sha256"
  | "md5"
  | "redirects";

export type CertificateAttribute =
  | "Subject"
  | "Issuer"
  | "Start-Date"
  | "Expire-Date"
  | "Serial-Number"
  | "Subject-Alt-Name"
  | "Value";

export type CookieAttribute =
  | "Value"
  | "Expires"
  | "Max-Age"
  | "Domain"
  | "Path"
  | "Secure"
  | "HttpOnly"
  | "SameSite";

export type Query =
  | ({ readonly kind: PlainQueryName } & Sourced)
  | ({ readonly kind: "header" | "variable"; readonly name: Template } & Sourced)
  | ({ readonly kind: "xpath" | "jsonpath"; readonly expression: Template } & Sourced)
  | ({ readonly kind: "regex"; readonly pattern: Template | RegexLiteral } & Sourced)
  | ({ readonly kind: "certificate"; readonly attribute: CertificateAttribute } & Sourced)
  | ({
      readonly kind: "cookie";
      readonly name: Template;
      readonly attribute: CookieAttribute | undefined;
    } & Sourced);

export type PlainFilterName =
  | "base64Decode"
  | "base64Encode"
  | "base64UrlSafeDecode"
  | "base64UrlSafeEncode"
  | "count"
  | "daysAfterNow"
  | "daysBeforeNow"
  | "first"
  | "htmlEscape"
  | "htmlUnescape"
  | "last"
  | "location"
  | "toFloat"
  | "toHex"
  | "toInt"
  | "toString"
  | "urlDecode"
  | "urlEncode"
  | "utf8Decode"
  | "utf8Encode";

export type StringFilterName =
  | "charsetDecode"
  | "dateFormat"
  | "decode"
  | "format"
  | "jsonpath"
  | "split"
  | "toDate"
  | "urlQueryParam"
  | "xpath";

export type Filter =
  | ({ readonly kind: PlainFilterName } & Sourced)
  | ({ readonly kind: StringFilterName; readonly argument: Template } & Sourced)
  | ({ readonly kind: "nth"; readonly index: IntegerValue | Placeholder } & Sourced)
  | ({ readonly kind: "regex"; readonly pattern: Template | RegexLiteral } & Sourced)
  | ({ readonly kind: "replace"; readonly old: Template; readonly by: Template } & Sourced)
  | ({
      readonly kind: "replaceRegex";
      readonly pattern: Template | RegexLiteral;
      readonly by: Template;
    } & Sourced);

export type ValuePredicateName =
  | "=="
  | "!="
  | ">"
  | ">="
  | "<"
  | "<="
  | "startsWith"
  | "endsWith"
  | "contains"
  | "includes"
  | "matches";

export type PlainPredicateName =
  | "exists"
  | "isBoolean"
  | "isCollection"
  | "isDate"
  | "isEmpty"
  | "isFloat"
  | "isInteger"
  | "isIpv4"
  | "isIpv6"
  | "isIsoDate"
  | "isList"
  | "isNumber"
  | "isObject"
  | "isString"
  | "isUuid";

export type Predicate =
  | ({ readonly kind: PlainPredicateName; readonly not: boolean } & Sourced)
  | ({ readonly kind: ValuePredicateName; readonly not: boolean; readonly value: PredicateValue } & Sourced);

export type PredicateValue =
  | NullValue
  | BooleanValue
  | NumberValue
  | StringValue
  | OneLine
  | Multiline
  | Base64Bytes
  | HexBytes
  | FileBytes
  | RegexLiteral
  | Placeholder;

export interface NullValue extends Sourced {
  readonly kind: "null";
}

export interface BooleanValue extends Sourced {
  readonly kind: "boolean";
  readonly value: boolean;
}

export type NumberValue = IntegerValue | FloatValue;

/** `text` as it is written, for integers of any size. */
export interface IntegerValue extends Sourced {
  readonly kind: "integer";
  readonly text: string;
}

export interface FloatValue extends Sourced {
  readonly kind: "float";
  readonly text: string;
}

export interface StringValue extends Sourced {
  readonly kind: "string";
  readonly value: Template;
}

// Bodies

export interface HurlBody extends Line {
  readonly value: BodyValue;
}

export type BodyValue =
  | JsonBody
  | XmlBody
  | Multiline
  | OneLine
  | Base64Bytes
  | HexBytes
  | FileBytes
  | MixedBody;

/** A JSON text as it stands in the file, and its value; placeholders wherever a value or a string has them. */
export interface JsonBody extends Sourced {
  readonly kind: "json";
  readonly raw: string;
  readonly value: JsonValue;
}

export type JsonValue =
  | NullValue
  | BooleanValue
  | Placeholder
  | ({ readonly kind: "number"; readonly text: string } & Sourced)
  | StringValue
  | ({ readonly kind: "array"; readonly elements: readonly JsonValue[] } & Sourced)
  | JsonObject;

export interface JsonObject extends Sourced {
  readonly kind: "object";
  readonly members: readonly JsonMember[];
}

export interface JsonMember extends Sourced {
  readonly name: Template;
  readonly value: JsonValue;
}

export interface XmlBody extends Sourced {
  readonly kind: "xml";
  readonly raw: string;
}

export type MultilineLanguage = "base64" | "hex" | "json" | "xml" | "graphql" | "raw";
export type MultilineAttribute = "escape" | "novariable";

/** A text between "```"; `variables` only in GraphQL, and `variablesText` as they stand in a Hurl file. */
export interface Multiline extends Sourced {
  readonly kind: "multiline";
  readonly language: MultilineLanguage | undefined;
  readonly attributes: readonly MultilineAttribute[];
  readonly value: Template;
  readonly variables: JsonObject | undefined;
  readonly variablesText?: string;
}

/** A text between backticks. */
export interface OneLine extends Sourced {
  readonly kind: "oneline";
  readonly value: Template;
}

export interface Base64Bytes extends Sourced {
  readonly kind: "base64";
  readonly bytes: Uint8Array;
}

export interface HexBytes extends Sourced {
  readonly kind: "hex";
  readonly bytes: Uint8Array;
}

export interface FileBytes extends Sourced {
  readonly kind: "file";
  readonly name: Template;
}

/** Texts and files one after another, as `.http` files have them and Hurl files have not. */
export interface MixedBody extends Sourced {
  readonly kind: "mixed";
  readonly pieces: readonly (StringValue | FileBytes | FileTemplate)[];
}

/** A file whose text has placeholders; `encoding` is UTF-8 unless the file says another. */
export interface FileTemplate extends Sourced {
  readonly kind: "file-template";
  readonly name: Template;
  readonly encoding: string | undefined;
}
