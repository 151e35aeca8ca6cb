// Exercise 1, files: a client makes, reads, grows and removes files on a server.
//
//   npx sockeye serve demo            in one terminal
//   node examples/1-files.mjs         in another; a different address may follow
//
// Every step says what was asked and what came, and the run ends with 1 when something was not as it should be.

import assert from "node:assert/strict";
import { Client } from "sockeye-http";

const base = process.argv[2] ?? "http://127.0.0.1:3091";
const hello = "Hello my name is Kim";
const cats = "Cat is meow meow, Dog is bow bow";

const steps = [
  { method: "GET", target: "/meow.html", status: 200, type: "text/html; charset=utf-8" },
  { method: "GET", target: "/mmmmmeow.html", status: 404 },
  {
    method: "PUT",
    target: "/introduce-myself.txt",
    body: hello,
    status: 201,
    location: "/introduce-myself.txt",
  },
  { method: "POST", target: "/bowbow.txt", body: cats, status: 201, location: "/bowbow.txt" },
  { method: "POST", target: "/bowbow.txt", body: cats, status: 200, location: "/bowbow.txt", answer: cats },
  { method: "OPTIONS", target: "/bowbow.txt", status: 200, allow: /GET.*HEAD.*POST.*PUT.*DELETE.*OPTIONS/ },
  { method: "DELETE", target: "/introduce-myself.txt", status: 200 },
  { method: "HEAD", target: "/meow.html", status: 200, type: "text/html; charset=utf-8", answer: "" },
];

const client = new Client();
let faults = 0;
try {
  // What an earlier run may have left.
  for (const name of ["introduce-myself.txt", "bowbow.txt"]) {
    await (await client.request(`${base}/${name}`, { method: "DELETE" })).body.bytes();
  }
  for (const { method, target, body, status, type, location, allow, answer } of steps) {
    const response = await client.request(base + target, { method, body });
    const text = await response.body.text();
    console.log(`${method.padEnd(7)} ${target.padEnd(24)} ${response.status} ${response.reason}`);
    try {
      assert.equal(response.status, status);
      if (type !== undefined) assert.equal(response.fields.get("content-type"), type);
      if (location !== undefined) assert.equal(response.fields.get("location"), location);
      if (allow !== undefined) assert.match(response.fields.get("allow") ?? "", allow);
      if (answer !== undefined) assert.equal(text, answer);
    } catch (error) {
      faults += 1;
      console.error(`        ${error.message}`);
    }
  }
  await (await client.request(`${base}/bowbow.txt`, { method: "DELETE" })).body.bytes();
} catch (error) {
  faults += 1;
  console.error(error.message);
} finally {
  await client.close();
}
console.log(faults === 0 ? "All as the exercise has it." : `${faults} not as the exercise has it.`);
process.exitCode = faults === 0 ? 0 : 1;
