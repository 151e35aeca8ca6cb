// What is wrong with a record in the eyes of its schema, as sentences: ajv's error objects in, a pointer and plain
// words for each out.

import type { ErrorObject } from "ajv";
import { kindOf } from "../json/members.ts";
import { writePointer } from "../json/pointer.ts";

/** One fault: where in the record, as a JSON Pointer (RFC 6901), and what. */
export interface SchemaFault {
  readonly pointer: string;
  /** The end of a sentence that begins with the pointer: "must be at least 0". */
  readonly detail: string;
}

/** Faults of one answer at most. */
const MOST = 100;

/** Says each fault once, in the order of ajv, and at most 100 of them. */
export function sentencesOf(errors: readonly ErrorObject[]): readonly SchemaFault[] {
  const faults = new Map<string, SchemaFault>();
  for (const error of errors) {
    if (faults.size >= MOST) break;
    // What failed within "then", or in a name, is told by itself.
    if ((error.keyword === "if" || error.keyword === "propertyNames") && errors.length > 1) continue;
    const fault = faultOf(error);
    faults.set(`${fault.pointer} ${fault.detail}`, fault);
  }
  return [...faults.values()];
}

function faultOf(error: ErrorObject): SchemaFault {
  const { propertyName } = error;
  if (propertyName === undefined) return { pointer: pointerOf(error), detail: detailOf(error) };
  return {
    pointer: error.instancePath + writePointer([propertyName]),
    detail: `is a name that ${detailOf(error)}`,
  };
}

/** What has one name too many is told of that name; all else of the value that was looked at. */
function pointerOf({ keyword, instancePath, params }: ErrorObject): string {
  switch (keyword) {
    case "additionalProperties":
      return instancePath + writePointer([params.additionalProperty]);
    case "unevaluatedProperties":
      return instancePath + writePointer([params.unevaluatedProperty]);
    default:
      return instancePath;
  }
}

const COMPARISONS: { readonly [comparison: string]: string } = {
  ">=": "at least",
  "<=": "at most",
  ">": "greater than",
  "<": "less than",
};

const FORMATS: { readonly [format: string]: string } = {
  date: "a date such as 2026-01-31",
  time: "a time such as 12:30:00Z",
  "date-time": "a date and a time such as 2026-01-31T12:30:00Z",
  duration: "a duration such as P3DT12H",
  email: "an e-mail address",
  hostname: "a host name",
  ipv4: "an IPv4 address",
  ipv6: "an IPv6 address",
  uri: "a URI with its scheme",
  "uri-reference": "a URI or a relative reference",
  uuid: "a UUID",
  regex: "a regular expression",
  "json-pointer": "a JSON Pointer",
};

const TYPES: { readonly [type: string]: string } = {
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  null: "null",
};

function detailOf(error: ErrorObject): string {
  const { keyword, params, data } = error;
  switch (keyword) {
    case "required":
      return `lacks ${quote(params.missingProperty)}`;
    case "dependentRequired":
    case "dependencies":
      return `has ${quote(params.property)}, and so needs ${quote(params.missingProperty)}`;
    case "type": {
      // Of a number that should be whole, the number says more.
      const found = params.type === "integer" && typeof data === "number" ? String(data) : kindOf(data);
      return `must be ${typesOf(params.type)}, and is ${found}`;
    }
    case "enum":
      return `must be one of ${listed(params.allowedValues)}`;
    case "const":
      return `must be ${quote(params.allowedValue)}`;
    case "minimum":
    case "maximum":
    case "exclusiveMinimum":
    case "exclusiveMaximum":
    case "formatMinimum":
    case "formatMaximum":
    case "formatExclusiveMinimum":
    case "formatExclusiveMaximum":
      return `must be ${COMPARISONS[params.comparison]} ${params.limit}`;
    case "multipleOf":
      return `must be a multiple of ${params.multipleOf}`;
    case "minLength":
      return `must have at least ${counted(params.limit, "character")}`;
    case "maxLength":
      return `must have at most ${counted(params.limit, "character")}`;
    case "pattern":
      return `must match the pattern ${params.pattern}`;
    case "format":
      return `must be ${FORMATS[params.format] ?? `of the format ${quote(params.format)}`}`;
    case "minItems":
      return `must have at least ${counted(params.limit, "item")}`;
    case "maxItems":
      return `must have at most ${counted(params.limit, "item")}`;
    case "uniqueItems":
      return `must not have an item twice: those at ${params.j} and ${params.i} are the same`;
    case "contains":
      return "lacks an item that the schema asks for";
    case "items":
    case "additionalItems":
    case "unevaluatedItems":
      return `must have no more than ${counted(params.limit ?? params.len ?? 0, "item")}`;
    case "minProperties":
      return `must have at least ${counted(params.limit, "member")}`;
    case "maxProperties":
      return `must have at most ${counted(params.limit, "member")}`;
    case "additionalProperties":
    case "unevaluatedProperties":
      return "is a name that the schema does not know";
    case "propertyNames":
      return "is a name that the schema does not allow";
    case "anyOf":
      return "must match one of the schema's alternatives";
    case "oneOf":
      return params.passingSchemas === null || params.passingSchemas === undefined
        ? "must match one of the schema's alternatives"
        : "must match only one of the schema's alternatives, and matches several";
    case "not":
      return "must not match what the schema rules out";
    case "false schema":
      return "must not be there";
    default:
      return error.message ?? `fails the schema's ${quote(keyword)}`;
  }
}

function typesOf(type: string | readonly string[]): string {
  const types = typeof type === "string" ? [type] : type;
  return types.map((one) => TYPES[one] ?? one).join(" or ");
}

const LISTED = 20;

function listed(values: readonly unknown[]): string {
  const shown = values.slice(0, LISTED).map(quote).join(", ");
  return values.length > LISTED ? `${shown} and ${values.length - LISTED} more` : shown;
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? "undefined";
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
