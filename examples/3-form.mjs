// Exercise 3, a form: the sixteen cases of the exercise's client edit a key-value database, and the last ends the server.
//
//   npx sockeye serve --mount /=form::memory: --allow-end --port 10000      in one terminal
//   node examples/3-form.mjs                                               in another; a different address may follow
//
// Every case says what was asked and what came, and the run ends with 1 when something was not as it should be. The
// server has to be fresh: one that keeps its data in memory is, whenever it starts.

import assert from "node:assert/strict";
import { Client } from "sockeye-http";

const base = process.argv[2] ?? "http://127.0.0.1:10000";
const empty = "No data in DB";
const three = "The data in DB is as follows.\nID:20182793\nSubject:Computer_Network\nGrade:A";

const cases = [
  { method: "HEAD", target: "/", interim: [100], status: 200, length: empty.length, answer: "" },
  { method: "GET", target: "/", status: 200, answer: empty },
  { method: "GET", target: "/??", status: 404, answer: "Invalid Address(url)" },
  {
    method: "PRRT",
    target: "/",
    status: 405,
    allow: "GET, HEAD, OPTIONS, END",
    answer: "Method not allowed",
  },
  { method: "GET", target: "/", host: "127.0.5.1", status: 400, answer: "Not allowed host: 127.0.5.1" },
  {
    method: "PUT",
    target: "/create",
    body: "ID: 20182793",
    status: 404,
    answer: "Select the appropriate method(Create mode => POST)",
  },
  {
    method: "POST",
    target: "/create",
    body: "ID: 20182793&Subject: Computer_Network&Grade: A",
    status: 200,
    answer: "ID:20182793\nSubject:Computer_Network\nGrade:A\nPost Successfully OK",
  },
  { method: "GET", target: "/", status: 200, answer: three },
  {
    method: "POST",
    target: "/create",
    body: ": 95",
    status: 400,
    answer: "Key value does not exist or is blank.",
  },
  {
    method: "POST",
    target: "/create",
    body: "middle_exam70",
    status: 400,
    answer: "Key-value format is not valid.",
  },
  {
    method: "POST",
    target: "/create",
    body: "ID: 20182793",
    status: 400,
    answer: "The key already exists!",
  },
  { method: "HEAD", target: "/", interim: [100], status: 200, length: three.length, answer: "" },
  {
    method: "PUT",
    target: "/update",
    body: "ID: 20180434&final_exam: 90",
    status: 200,
    answer: [
      "ID: 20180434&final_exam: 90",
      "Update Data as follow:",
      "ID: 20182793 => 20180434",
      "Update(New) Data as follow:",
      "final_exam: 90 (There's no key. New update)",
      "Update with new data Successfully OK",
    ].join("\n"),
  },
  {
    method: "PUT",
    target: "/update",
    body: "",
    status: 400,
    answer: "There is no content. Please check",
  },
  {
    method: "PUT",
    target: "/update",
    body: "final_exam90",
    status: 400,
    answer: "Key-value format is not valid.",
  },
  { method: "END", target: "/", status: 200, answer: "The server ends." },
];

// Each case has a connection of its own, as in the exercise.
const client = new Client({ keepAliveTimeout: 0 });
let faults = 0;
try {
  for (const { method, target, host, body, interim = [], status, length, allow, answer } of cases) {
    const seen = [];
    const fields = host === undefined ? {} : { Host: host };
    const onInterim = (head) => seen.push(head.status);
    const response = await client.request(base + target, { method, body, fields, onInterim });
    const text = await response.body.text();
    const came = [...seen, `${response.status} ${response.reason}`].join(", then ");
    console.log(`${method.padEnd(7)} ${target.padEnd(8)} ${(body ?? "").padEnd(48)} ${came}`);
    try {
      assert.deepEqual(seen, interim);
      assert.equal(response.status, status);
      assert.equal(response.fields.get("content-type"), "text/plain; charset=utf-8");
      if (length !== undefined) assert.equal(response.fields.get("content-length"), String(length));
      assert.equal(response.fields.get("allow"), allow);
      assert.equal(text, answer);
    } catch (error) {
      faults += 1;
      console.error(`        ${error.message}`);
    }
  }
} catch (error) {
  faults += 1;
  console.error(error.message);
} finally {
  await client.close();
}
console.log(faults === 0 ? "All as the exercise has it." : `${faults} not as the exercise has it.`);
process.exitCode = faults === 0 ? 0 : 1;
