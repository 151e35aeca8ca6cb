// Several keys at once, all or none: from a list of steps in JSON to one transaction of the table, and from its
// outcome to the answer.

import { Problem } from "../../message/problem.ts";
import type { Request } from "../../message/request.ts";
import { Response } from "../../message/response.ts";
import { parseMediaType } from "../../semantics/media-types.ts";
import type { Outcome, RowInfo, Step, StepResult } from "../../store/table.ts";
import { conditionsOf } from "../conditions.ts";
import { DEFAULT_MAX_DEPTH, readJson } from "../json/body.ts";
import { asksFor, parametersOf } from "../query.ts";
import { requirePlainBody } from "../refusals.ts";
import { quoted, rowTag } from "../rows.ts";
import type { KvMount } from "./mount.ts";
import { MOST_STEPS, stepsOf } from "./steps.ts";

/** What the steps are written around the values, at most, in bytes. */
const FRAME = 1 << 20;

/**
 * Answers POST of the mount: makes all steps of the list that it brings, or none. Throws Problems: 400 for what is no such
 * list, 409 with the members `step`, `key` and `etag` for the step that failed, 413 and 415.
 */
export async function transact(request: Request, mount: KvMount): Promise<Response> {
  const { query } = request.target;
  if (!asksFor("transaction", query)) {
    throw new Problem(400, {
      detail: `Cannot add to the list of keys: POST to a key adds to its value, and POST to ${mount.prefix}/?transaction takes several steps at once`,
    });
  }
  parametersOf(query, ["transaction"]);
  requireJson(request);
  requirePlainBody(request);
  if (conditionsOf(request.fields) !== undefined) {
    throw new Problem(400, {
      detail:
        "Cannot hold a transaction against the conditions of the request: each step has its own, ifMatch and ifNoneMatch",
    });
  }
  const { maxValue } = mount;
  // Room for one value of the largest size in base64, or for several that are smaller.
  const maxBytes = maxValue === 0 ? 0 : 2 * maxValue + FRAME;
  const steps = stepsOf(await readJson(request, { maxBytes, maxDepth: DEFAULT_MAX_DEPTH }), mount);
  const outcome = await mount.table.transact(steps);
  if (!outcome.done) throw conflict(steps, outcome);
  const results = outcome.results.map((result, index) => resultOf(steps[index] as Step, result));
  return new Response(200, {
    fields: { "Content-Type": "application/json", "Cache-Control": "no-store" },
    body: `${JSON.stringify({ steps: results })}\n`,
  });
}

function requireJson({ fields }: Request): void {
  const sent = fields.get("content-type");
  const essence = sent === undefined ? undefined : parseMediaType(sent)?.essence;
  if (essence === "application/json" || essence?.endsWith("+json")) return;
  throw new Problem(415, {
    detail: `Cannot read a transaction from ${sent === undefined ? "a body without Content-Type" : JSON.stringify(sent.slice(0, 80))}: it is a list of at most ${MOST_STEPS} steps in application/json`,
    fields: { "Accept-Post": "application/json" },
  });
}

function resultOf({ kind, key }: Step, { before, after }: StepResult): object {
  switch (kind) {
    case "put":
    case "check":
      return { key, etag: tagOf(after) };
    case "remove":
      return { key, deleted: before !== undefined };
  }
}

function conflict(
  steps: readonly Step[],
  { failed, current }: Extract<Outcome, { readonly done: false }>,
): Problem {
  const { key, expected } = steps[failed] as Step;
  return new Problem(409, {
    detail: `Cannot make this transaction: step ${failed} expects ${wish(key, expected)}, and ${fact(current)}. Nothing was changed`,
    members: { step: failed, key, etag: tagOf(current) },
  });
}

function wish(key: string, expected: Step["expected"]): string {
  if (expected === "absent") return `that there is no ${quoted(key)}`;
  if (expected === "present" || expected === undefined) return `that there is ${quoted(key)}`;
  return `${quoted(key)} in the version "${expected.version}"`;
}

function fact(current: RowInfo | undefined): string {
  return current === undefined ? "there is none" : `its version is ${rowTag(current)}`;
}

function tagOf(info: RowInfo | undefined): string | null {
  return info === undefined ? null : rowTag(info);
}
