// The steps of a transaction as JSON spells them: reads them, and says of the first that is wrong what is wrong
// with it. Nothing is asked of the table here.

import { Problem } from "../../message/problem.ts";
import { isWeak, parseEntityTags } from "../../semantics/entity-tags.ts";
import { StoreError } from "../../store/errors.ts";
import { checkKey } from "../../store/keys.ts";
import type { Expected, NewRow, Step } from "../../store/table.ts";
import { quoted } from "../rows.ts";
import type { KvMount } from "./mount.ts";
import { isLife, isMediaType, LONGEST_LIFE } from "./row.ts";
import { endOf, tooLarge } from "./writing.ts";

/** The most steps of one transaction: it holds everybody else's writes up. */
export const MOST_STEPS = 1000;

const MEMBERS: { readonly [op: string]: readonly string[] } = {
  put: ["op", "key", "value", "base64", "type", "maxAge", "ifMatch", "ifNoneMatch"],
  delete: ["op", "key", "ifMatch"],
  check: ["op", "key", "ifMatch", "ifNoneMatch"],
};

type Members = { readonly [name: string]: unknown };

/** Reads a list of steps. Throws a Problem, 400, with the member `step` for one that is malformed; 413 for a value that is too large. */
export function stepsOf(json: unknown, mount: KvMount): Step[] {
  if (!Array.isArray(json) || json.length > MOST_STEPS) {
    throw new Problem(400, {
      detail: `Cannot make a transaction of this: it is a list of at most ${MOST_STEPS} steps, [{"op": "put", "key": "a", "value": "b"}, …]`,
    });
  }
  return json.map((step, index) => {
    try {
      return stepOf(step, mount);
    } catch (error) {
      throw atStep(error, index);
    }
  });
}

/** What is wrong with a step, as the end of a sentence. */
class MalformedStep extends Error {
  override readonly name = "MalformedStep";
  readonly code = "STEP_MALFORMED";
}

function atStep(error: unknown, step: number): unknown {
  if (error instanceof Problem) {
    const { detail, members } = error.init;
    return new Problem(error.status, { detail: `${detail} (step ${step})`, members: { ...members, step } });
  }
  if (!(error instanceof MalformedStep) && !(error instanceof StoreError)) return error;
  return new Problem(400, {
    detail: `Cannot make step ${step}: ${error.message}`,
    members: { code: error.code, step },
    cause: error,
  });
}

function stepOf(value: unknown, mount: KvMount): Step {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new MalformedStep(`it is no object with an op, a key and what the op needs`);
  }
  const members = value as Members;
  const { op, key } = members;
  const known = typeof op === "string" && Object.hasOwn(MEMBERS, op) ? MEMBERS[op] : undefined;
  if (known === undefined) throw new MalformedStep('its op is none of "put", "delete" and "check"');
  for (const name of Object.keys(members)) {
    if (!known.includes(name))
      throw new MalformedStep(`a ${op} has no member ${quoted(name)}, but ${known.join(", ")}`);
  }
  if (typeof key !== "string") throw new MalformedStep("its key is no text");
  checkKey(key);
  const expected = expectedOf(members);
  switch (op) {
    case "put":
      return { kind: "put", key, row: rowOf(members, mount), expected };
    case "delete":
      return { kind: "remove", key, expected };
    default:
      if (expected === undefined)
        throw new MalformedStep("a check says what it expects with ifMatch or ifNoneMatch");
      return { kind: "check", key, expected };
  }
}

function expectedOf({ ifMatch, ifNoneMatch }: Members): Expected | undefined {
  if (ifMatch !== undefined && ifNoneMatch !== undefined)
    throw new MalformedStep("it has both ifMatch and ifNoneMatch, and takes one of them");
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch === "*") return "absent";
    throw new MalformedStep('its ifNoneMatch can only be "*": that there is no such key');
  }
  if (ifMatch === undefined) return undefined;
  const tags = typeof ifMatch === "string" ? parseEntityTags(ifMatch) : undefined;
  if (tags === "*") return "present";
  const [tag] = tags ?? [];
  if (tag === undefined || tags?.length !== 1 || isWeak(tag)) {
    throw new MalformedStep(
      'its ifMatch is neither "*" nor one entity tag with its quotes, as an ETag field has it: "\\"5-k3\\""',
    );
  }
  return { version: tag.slice(1, -1) };
}

function rowOf(members: Members, mount: KvMount): NewRow {
  const { maxAge, type } = members;
  const { value, mediaType } = contentOf(members);
  if (mount.maxValue > 0 && value.length > mount.maxValue) throw tooLarge(mount.maxValue);
  if (type !== undefined && (typeof type !== "string" || !isMediaType(type)))
    throw new MalformedStep('its type is no media type. One is written like "text/plain; charset=utf-8"');
  if (maxAge !== undefined && (typeof maxAge !== "number" || !isLife(maxAge)))
    throw new MalformedStep(`its maxAge is no whole number of seconds from 1 to ${LONGEST_LIFE}`);
  return { value, mediaType: type ?? mediaType, expires: endOf(maxAge, mount) };
}

const LONE_SURROGATE = /\p{Surrogate}/u;

function contentOf(members: Members): { readonly value: Uint8Array; readonly mediaType: string } {
  const { value, base64 } = members;
  if ((value === undefined) === (base64 === undefined))
    throw new MalformedStep("a put has a value, or bytes in base64, and not both");
  if (base64 !== undefined) {
    const bytes = typeof base64 === "string" ? Buffer.from(base64, "base64") : undefined;
    if (bytes === undefined || bytes.toString("base64") !== base64)
      throw new MalformedStep("its base64 is none: A-Z, a-z, 0-9, + and /, filled up with = (RFC 4648, 4)");
    return { value: bytes, mediaType: "application/octet-stream" };
  }
  if (typeof value !== "string")
    return { value: Buffer.from(JSON.stringify(value)), mediaType: "application/json" };
  if (LONE_SURROGATE.test(value))
    throw new MalformedStep("its value is no Unicode text: it has half of a surrogate pair");
  return { value: Buffer.from(value), mediaType: "text/plain; charset=utf-8" };
}
