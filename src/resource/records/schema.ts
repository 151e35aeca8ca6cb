// The JSON Schema that a mount's records have to match: read once, at the start, and asked for every record that is
// written. What is said of a fault is in records-faults.ts.

import { createHash } from "node:crypto";
import { Ajv, type ErrorObject, type Options, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { Problem } from "../../message/problem.ts";
import { isJsonObject, type JsonObject, kindOf, memberOf } from "../json/members.ts";
import { quoted } from "../rows.ts";
import { type SchemaFault, sentencesOf } from "./faults.ts";

/** A schema that has been read and found sound. */
export interface RecordSchema {
  /** As it is served. */
  readonly text: string;
  /** Its entity tag. */
  readonly tag: string;
  /** Tells what is wrong with a record; nothing when it matches. `bytes` is how long its text is. */
  check(record: JsonObject, bytes: number): readonly SchemaFault[];
}

/** The schema is none, or cannot be used: an error of whoever starts the server. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
  readonly code = "SCHEMA_INVALID";
}

const DRAFT_07 = /^https?:\/\/json-schema\.org\/draft-07\/schema#?$/;
const DRAFT_2020 = /^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/;

const OPTIONS: Options = {
  // Names that a schema has beside the standard's are its author's notes.
  strict: false,
  // The faults name what is there instead.
  verbose: true,
  logger: false,
  // What every object inherits is no member of a record.
  ownProperties: true,
  // A schema may have an $id, and be used by several mounts.
  addUsedSchema: false,
};

/** A record longer than this gets its first fault only: a list of 100,000 wrong items would have as many. */
const ALL_FAULTS_BYTES = 64 * 1024;

/**
 * Reads a JSON Schema, of draft 2020-12, or draft-07 if its `$schema` says so, with the formats of both. Throws a
 * SchemaError that says what is wrong with it; a reference to a schema elsewhere is, as nothing is fetched.
 */
export function readSchema(schema: unknown): RecordSchema {
  if (!isJsonObject(schema)) {
    throw new SchemaError(`Cannot use the schema: it has to be a JSON object, and is ${kindOf(schema)}`);
  }
  const first = compile(schema, false);
  const all = compile(schema, true);
  const text = `${JSON.stringify(schema, undefined, 2)}\n`;
  return {
    text,
    tag: `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`,
    check: (record, bytes) => {
      if (first(record)) return [];
      if (bytes > ALL_FAULTS_BYTES) return sentencesOf(first.errors ?? []);
      all(record);
      return sentencesOf(all.errors ?? []);
    },
  };
}

type Check = ((record: unknown) => boolean) & { readonly errors?: readonly ErrorObject[] | null };

function compile(schema: JsonObject, allErrors: boolean): Check {
  const ajv = validatorFor(memberOf(schema, "$schema"), { ...OPTIONS, allErrors });
  let check: ValidateFunction;
  try {
    formats.default(ajv);
    check = ajv.compile(schema);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SchemaError(`Cannot use the schema: ${why}`, { cause: error });
  }
  if ("$async" in check) throw new SchemaError('Cannot use the schema: "$async" is not supported');
  return check as Check;
}

function validatorFor(draft: unknown, options: Options): Ajv {
  if (draft === undefined || (typeof draft === "string" && DRAFT_2020.test(draft)))
    return new Ajv2020(options);
  if (typeof draft === "string" && DRAFT_07.test(draft)) return new Ajv(options);
  throw new SchemaError(
    `Cannot use the schema: its "$schema" is ${JSON.stringify(draft)}. Known are "https://json-schema.org/draft/2020-12/schema", which is also meant without one, and "http://json-schema.org/draft-07/schema#"`,
  );
}

/** Faults that the text of an answer names; its list has all. */
const NAMED = 3;

/** Throws a Problem, 422, when a record does not match; `errors` has a pointer and a sentence for each fault. */
export function requireMatch(
  schema: RecordSchema | undefined,
  name: string,
  record: JsonObject,
  bytes: number,
): void {
  const faults = schema?.check(record, bytes) ?? [];
  if (faults.length === 0) return;
  const named = faults
    .slice(0, NAMED)
    .map(({ pointer, detail }) => (pointer === "" ? detail : `${pointer} ${detail}`));
  const more = faults.length > NAMED ? ` (and ${faults.length - NAMED} more)` : "";
  throw new Problem(422, {
    detail: `Cannot keep ${quoted(name)}: it does not match the schema: ${named.join("; ")}${more}`,
    members: { errors: faults },
  });
}
