// Asks for the fields of a record, where the line came from that needs them.

import type { TypedBody } from "./line.ts";
import type { Lines } from "./lines.ts";
import { fieldsQuestion, type RecordFields, readRecord } from "./record-fields.ts";
import { complain, remark, type Screen } from "./screen.ts";

/** The record as a body; undefined when there is none to send. A wrong value is asked for again where a person types. */
export async function askRecord(
  fields: RecordFields,
  lines: Lines,
  screen: Screen,
  signal: AbortSignal,
): Promise<TypedBody | undefined> {
  for (;;) {
    const line = await lines.next(`${fieldsQuestion(fields)} `, "values");
    signal.throwIfAborted();
    if (line === undefined || line.trim() === "") {
      remark(screen, "Nothing was sent");
      return undefined;
    }
    const record = readRecord(line, fields);
    if (record.ok) return { kind: "text", text: record.text };
    for (const why of record.why) complain(screen, lines.place, why);
    // What is written down already does not change when it is asked for again.
    if (lines.place !== undefined) return undefined;
  }
}
