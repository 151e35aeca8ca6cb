// Exercise 4, records: what its shell sends, over one connection that stays open until `q` closes it, in its order,
// against a fresh server with a schema. Once within this process, over a table in memory, and once by the
// command, over a store on the disk, which still has the records when the server has been started again.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { recordsHandler } from "../src/resource/records/records.ts";
import { createServer } from "../src/server/server.ts";
import { createMemoryTable } from "../src/store/memory/table.ts";
import { serve, stop } from "./fixtures/command.ts";
import { type Answer, RawClient } from "./fixtures/raw-client.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

// In the order in which the exercise's shell asks for them.
const SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Animal",
  type: "object",
  properties: {
    type: { type: "string", minLength: 1 },
    age: { type: "string", pattern: "^\\d+$" },
    leg: { type: "string", pattern: "^\\d+$" },
  },
  required: ["type", "age", "leg"],
  additionalProperties: false,
};

const SNAIL = '{"type":"snail","age":"1","leg":"0"}';
const OLDER = '{"type":"snail","age":"2","leg":"0"}';
const CAT = '{"type":"고양이","age":"3","leg":"4"}';
const NABI = "%EB%82%98%EB%B9%84";

interface Step {
  readonly typed: string;
  readonly method: string;
  readonly target: string;
  readonly body?: string;
  readonly status: number;
  /** Undefined: a problem document. */
  readonly text: string | undefined;
  readonly location?: string;
}

const STEPS: readonly Step[] = [
  { typed: "get all", method: "GET", target: "/", status: 200, text: "{}" },
  { typed: "get Pingping", method: "GET", target: "/Pingping", status: 404, text: undefined },
  { typed: "head Pingping", method: "HEAD", target: "/Pingping", status: 404, text: undefined },
  {
    typed: "post Pingping: snail 1 0",
    method: "POST",
    target: "/Pingping",
    body: SNAIL,
    status: 201,
    text: `{"Pingping":${SNAIL}}`,
    location: "/Pingping",
  },
  { typed: "get Pingping", method: "GET", target: "/Pingping", status: 200, text: `{"Pingping":${SNAIL}}` },
  { typed: "head Pingping", method: "HEAD", target: "/Pingping", status: 200, text: `{"Pingping":${SNAIL}}` },
  {
    typed: "post Pingping: snail 9 9",
    method: "POST",
    target: "/Pingping",
    body: '{"type":"snail","age":"9","leg":"9"}',
    status: 409,
    text: undefined,
  },
  {
    typed: "put Pingping: snail 2 0",
    method: "PUT",
    target: "/Pingping",
    body: OLDER,
    status: 200,
    text: `{"Pingping":${OLDER}}`,
  },
  {
    typed: "put 나비: 고양이 3 4",
    method: "PUT",
    target: `/${NABI}`,
    body: CAT,
    status: 201,
    text: `{"나비":${CAT}}`,
    location: `/${NABI}`,
  },
  {
    typed: "put Pingping: snail old 0",
    method: "PUT",
    target: "/Pingping",
    body: '{"type":"snail","age":"old"}',
    status: 422,
    text: undefined,
  },
  { typed: "get all", method: "GET", target: "/", status: 200, text: `{"Pingping":${OLDER},"나비":${CAT}}` },
];

interface Subject {
  readonly port: number;
  release(): Promise<void>;
}

async function inProcess(): Promise<Subject> {
  const server = createServer({ handler: recordsHandler(createMemoryTable(), { schema: SCHEMA }) });
  const { port } = await server.listen();
  return { port, release: () => server.stop(0) };
}

const FOLDER = temporaryFolder().path;

async function byCommand(): Promise<Subject> {
  const schema = join(FOLDER, "animal.schema.json");
  await writeFile(schema, JSON.stringify(SCHEMA));
  const running = await serve(["--mount", `/=records:${join(FOLDER, "zoo")},schema=${schema}`]);
  return {
    port: running.port,
    release: async () => {
      assert.equal((await stop(running)).code, 0);
    },
  };
}

async function send(client: RawClient, { method, target, body }: Step): Promise<Answer> {
  const bytes = Buffer.from(body ?? "");
  const fields =
    body === undefined ? [] : ["Content-Type: application/json", `Content-Length: ${bytes.length}`];
  client.send(`${[`${method} ${target} HTTP/1.1`, "Host: 127.0.0.1", ...fields].join("\r\n")}\r\n\r\n`);
  client.send(bytes);
  return client.answer(method);
}

for (const { how, start } of [
  { how: "in memory", start: inProcess },
  { how: "by the command, on the disk", start: byCommand },
]) {
  describe(`exercise 4 ${how}`, () => {
    let subject: Subject;
    let client: RawClient;

    before(async () => {
      subject = await start();
      client = await RawClient.open(subject.port);
    });
    after(() => subject.release());

    for (const [index, step] of STEPS.entries()) {
      test(`step ${index + 1}: ${step.typed} gives ${step.status}`, async () => {
        const answer = await send(client, step);
        assert.equal(answer.status, step.status);
        assert.equal(answer.fields.get("location"), step.location);
        if (step.text === undefined) {
          assert.equal(answer.fields.get("content-type"), "application/problem+json");
          return;
        }
        assert.equal(answer.fields.get("content-type"), "application/json");
        assert.equal(answer.fields.get("content-length"), String(Buffer.byteLength(step.text)));
        assert.equal(answer.fields.get("link"), '</?schema>; rel="describedby"');
        const body = Buffer.from(answer.body, "latin1").toString("utf8");
        assert.equal(body, step.method === "HEAD" ? "" : step.text);
      });
    }

    test("a record that breaks the schema is refused with a pointer and a sentence for each fault", async () => {
      const answer = await send(client, STEPS[9] as Step);
      const { errors } = JSON.parse(answer.body) as { errors: unknown };
      assert.deepEqual(errors, [
        { pointer: "", detail: 'lacks "leg"' },
        { pointer: "/age", detail: "must match the pattern ^\\d+$" },
      ]);
    });

    test("the fields that the shell asks for come from the schema, in their order", async () => {
      const step = { typed: "", method: "GET", target: "/?schema", status: 200, text: "" };
      const { body } = await send(client, step);
      const { properties } = JSON.parse(body) as { properties: object };
      assert.deepEqual(Object.keys(properties), ["type", "age", "leg"]);
    });

    test("q: the client closes, and the server closes in good order, with nothing more to say", async () => {
      client.end();
      assert.equal(await client.closed(), true);
      assert.equal(client.received, "");
    });
  });
}

describe("exercise 4 afterwards", () => {
  test("a server that is started again on the same store has the records", async () => {
    const subject = await byCommand();
    const client = await RawClient.open(subject.port);
    const last = STEPS.at(-1) as Step;
    const { body } = await send(client, last);
    client.destroy();
    await subject.release();
    assert.equal(Buffer.from(body, "latin1").toString("utf8"), last.text);
  });
});
