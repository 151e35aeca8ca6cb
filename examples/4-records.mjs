// Exercise 4, records: what was typed into its shell keeps animals by name, over one connection that stays open.
//
//   npx sockeye serve --mount /=records::memory:,schema=demo/animals.schema.json      in one terminal
//   node examples/4-records.mjs                       in another; a different address may follow
//
// Every line is shown with what came, and the run ends with 1 when something was not as it should be. It removes the
// record Pingping before and after, and leaves all others.

import assert from "node:assert/strict";
import { Client } from "sockeye-http";

const base = process.argv[2] ?? "http://127.0.0.1:3091";
const first = { type: "snail", age: "1", leg: "0" };
const second = { type: "snail", age: "2", leg: "0" };

// `information` is what the shell asks for: a word for each field of the schema.
const steps = [
  { line: "get all", status: 200, has: undefined },
  { line: "get Pingping", status: 404 },
  { line: "post Pingping", information: "snail 1 0", status: 201, location: true, record: first },
  { line: "get Pingping", status: 200, record: first },
  { line: "head Pingping", status: 200, length: JSON.stringify({ Pingping: first }).length },
  { line: "post Pingping", information: "snail 9 9", status: 409 },
  { line: "put Pingping", information: "snail 2 0", status: 200, record: second },
  { line: "put Pingping", information: "snail old 0", status: 422, pointers: ["/age"] },
  { line: "get Pingping", status: 200, record: second },
  { line: "get all", status: 200, has: second },
  { line: "eat Pingping" },
];

const client = new Client({ maxConnections: 1 });
/** Where the requests came from: one connection has one port. */
const ports = new Set();

async function send(method, target, record) {
  const response = await client.request(base + target, {
    method,
    ...(record && { body: JSON.stringify(record), fields: { "Content-Type": "application/json" } }),
    onRequest: ({ local }) => ports.add(local.port),
  });
  return { response, text: await response.body.text() };
}

/** The names of the fields to ask for, from the schema that the server points to. */
async function askedFor() {
  const { response } = await send("HEAD", "/");
  const [, address] = /<([^>]*)>; *rel="?describedby"?/.exec(response.fields.get("link") ?? "") ?? [];
  if (address === undefined) throw new Error("The server points to no schema: mount the records with one");
  const schema = await client.request(new URL(address, `${base}/`).href, {
    onRequest: ({ local }) => ports.add(local.port),
  });
  return Object.keys((await schema.body.json()).properties);
}

/** The request that a typed line stands for; undefined when it stands for none. */
function requestOf({ line, information }, names) {
  const [, word, name] = /^(get|head|post|put) (\S+)$/.exec(line) ?? [];
  if (word === undefined) return undefined;
  const words = information?.split(" ");
  const record = words && Object.fromEntries(names.map((field, index) => [field, words[index]]));
  const target = word === "get" && name === "all" ? "/" : `/${encodeURIComponent(name)}`;
  return { method: word.toUpperCase(), target, record };
}

function check(step, response, text) {
  assert.equal(response.status, step.status);
  if (step.length !== undefined) assert.equal(response.fields.get("content-length"), String(step.length));
  if (step.location) assert.match(response.fields.get("location") ?? "", /\/Pingping$/);
  if (step.record !== undefined) assert.deepEqual(JSON.parse(text), { Pingping: step.record });
  if ("has" in step) assert.deepEqual(JSON.parse(text).Pingping, step.has);
  if (step.pointers !== undefined) {
    assert.deepEqual(
      JSON.parse(text).errors.map(({ pointer }) => pointer),
      step.pointers,
    );
  }
  const problem = response.status >= 400;
  assert.equal(
    response.fields.get("content-type"),
    problem ? "application/problem+json" : "application/json",
  );
}

let faults = 0;
try {
  const names = await askedFor();
  console.log(`The schema asks for [${names.join("] [")}]`);
  await send("DELETE", "/Pingping");
  for (const step of steps) {
    const request = requestOf(step, names);
    const typed = [step.line, step.information].filter((part) => part !== undefined).join(": ");
    if (request === undefined) {
      console.log(`${typed.padEnd(28)} Wrong Input: try again`);
      if (step.status === undefined) continue;
      throw new Error("a line of the exercise was not understood");
    }
    const { response, text } = await send(request.method, request.target, request.record);
    console.log(`${typed.padEnd(28)} ${response.status} ${response.reason}`);
    try {
      check(step, response, text);
    } catch (error) {
      faults += 1;
      console.error(`        ${error.message}`);
    }
  }
  await send("DELETE", "/Pingping");
  assert.equal(ports.size, 1, `all over one connection, but there were ${ports.size}`);
} catch (error) {
  faults += 1;
  console.error(error.message);
} finally {
  // "q": the connection closes.
  await client.close();
}
console.log(faults === 0 ? "All as the exercise has it." : `${faults} not as the exercise has it.`);
process.exitCode = faults === 0 ? 0 : 1;
