// Exercise 2, pages: the lines that were typed into its shell edit HTML pages on a server.
//
//   mkdir pages
//   npx sockeye serve --mount /=pages:pages      in one terminal
//   node examples/2-pages.mjs                    in another; a different address may follow
//
// Every line is shown with what came, and the run ends with 1 when something was not as it should be. It makes
// test.html and index.html, and removes them at the end; where they are already, it changes nothing.

import assert from "node:assert/strict";
import { Client } from "sockeye-http";

const base = process.argv[2] ?? "http://127.0.0.1:3091";
const type = "text/html; charset=utf-8";
const page = (...lines) =>
  ["<!doctype html>", "<html>", "  <body>", ...lines, "  </body>", "</html>", ""].join("\n");
const bare = page("    <p>나비야, 안녕?</p>");
const once = page("    <h2>This is test</h2>", "    <p>나비야, 안녕?</p>");
const twice = page("    <h2>1 &lt; 2 &amp; 3</h2>", "    <h2>This is test</h2>", "    <p>나비야, 안녕?</p>");
const html = "<h1> This is HTML </h1>";

const steps = [
  { line: "GET test.html", status: 200, type, answer: bare },
  { line: "HEAD test.html", status: 200, type, length: Buffer.byteLength(bare), answer: "" },
  { line: "PUT test.html This is test", status: 200, type, answer: once },
  // Not idempotent, as the exercise has it; PATCH is the standard's word for the same.
  { line: "PATCH test.html 1 < 2 & 3", status: 200, type, answer: twice },
  { line: "GET test.html", status: 200, type, answer: twice },
  { line: `POST index.html ${html}`, status: 201, type, location: "/index.html", answer: html },
  { line: `POST index.html ${html}`, status: 409 },
  { line: "GET index.html", status: 200, type, answer: html },
  { line: "GET missing.html", status: 404 },
  { line: "PUT missing.html This is test", status: 404 },
  { line: "PUT test.html", status: 400 },
  { line: "GET test.html", status: 200, type, answer: twice },
];

/** The request that a typed line stands for: a method, a page, and all the rest is the content. */
function requestOf(line) {
  const [, method, name, body] = /^(\S+) (\S+)(?: (.*))?$/s.exec(line);
  const media = method === "POST" ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
  const fields = body === undefined ? {} : { "Content-Type": media };
  return { url: `${base}/${name}`, options: { method, body, fields } };
}

const client = new Client();

async function send(line) {
  const { url, options } = requestOf(line);
  const response = await client.request(url, options);
  return { response, text: await response.body.text() };
}

let faults = 0;
const made = [];
try {
  for (const [name, content] of [
    ["index.html", "x"],
    ["test.html", bare],
  ]) {
    const { response } = await send(`POST ${name} ${content}`);
    if (response.status !== 201) {
      throw new Error(
        `Cannot make ${name}: ${response.status} ${response.reason}; serve a folder without it`,
      );
    }
    made.push(name);
  }
  // It is for the exercise's own line to make.
  await send("DELETE index.html");
  for (const step of steps) {
    const { response, text } = await send(step.line);
    console.log(`${step.line.padEnd(44)} ${response.status} ${response.reason}`);
    try {
      assert.equal(response.status, step.status);
      if (step.type !== undefined) assert.equal(response.fields.get("content-type"), step.type);
      if (step.length !== undefined) assert.equal(response.fields.get("content-length"), String(step.length));
      if (step.location !== undefined) assert.equal(response.fields.get("location"), step.location);
      if (step.answer !== undefined) assert.equal(text, step.answer);
    } catch (error) {
      faults += 1;
      console.error(`        ${error.message}`);
    }
  }
} catch (error) {
  faults += 1;
  console.error(error.message);
} finally {
  for (const name of made) await send(`DELETE ${name}`).catch(() => undefined);
  await client.close();
}
console.log(faults === 0 ? "All as the exercise has it." : `${faults} not as the exercise has it.`);
process.exitCode = faults === 0 ? 0 : 1;
