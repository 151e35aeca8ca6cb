// The shell as a person types into it, on a pseudo-terminal, and as a script feeds it, through pipes: the lines of
// exercises 2 and 4, and what users of such shells expect.

import assert from "node:assert/strict";
import { readFile, stat, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { after, before, describe, type TestContext, test } from "node:test";
import { type Ended, sockeye } from "./fixtures/client-command.ts";
import { type Running, serve, stop } from "./fixtures/command.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";
import { noPseudoTerminal, ShellTerminal } from "./shell-terminal.ts";

const SCHEMA = {
  type: "object",
  properties: {
    type: { type: "string", minLength: 1 },
    age: { type: "string", pattern: "^\\d+$" },
    leg: { type: "string", pattern: "^\\d+$" },
  },
  required: ["type", "age", "leg"],
  additionalProperties: false,
};

const folder = temporaryFolder();
const state = temporaryFolder();
let server: Running & { readonly url: string; readonly port: number };
before(async () => {
  await writeFile(join(folder.path, "schema.json"), JSON.stringify(SCHEMA));
  await writeFile(join(folder.path, "test.html"), "<html>\n  <body>\n    <p>a</p>\n  </body>\n</html>\n");
  const mounts = [
    `/=files:${folder.path}`,
    `/pages=pages:${folder.path}`,
    `/animals=records::memory:,schema=${join(folder.path, "schema.json")}`,
    "/kv=kv::memory:",
  ];
  server = await serve(mounts.flatMap((mount) => ["--mount", mount]));
});
after(() => stop(server));

interface Script {
  readonly path?: string;
  readonly args?: readonly string[];
}

/** Runs lines out of a pipe. */
function script(lines: readonly string[], { path = "/", args = [] }: Script = {}): Promise<Ended> {
  return sockeye(["shell", ...args, server.url + path], {
    stdin: Buffer.from(`${lines.join("\n")}\n`),
    cwd: folder.path,
    env: { XDG_STATE_HOME: state.path },
  });
}

const statuses = ({ stdout }: Ended): string[] =>
  [...stdout.toString("utf8").matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status = ""]) => status);

describe("out of a pipe", { concurrency: 2 }, () => {
  test("exercise 2: a line is a request, and what follows the target is the body", async () => {
    const ended = await script(
      [
        "GET test.html",
        "HEAD test.html",
        "PUT test.html This is test",
        "POST index.html <h1> This is HTML </h1>",
        "GET nothing.html",
      ],
      { path: "/pages" },
    );
    assert.equal(ended.stderr, "");
    assert.equal(ended.code, 0);
    assert.deepEqual(statuses(ended), ["200", "200", "200", "201", "404"]);
    assert.equal(await folder.read("index.html"), "<h1> This is HTML </h1>");
    assert.match(await folder.read("test.html"), /<body>\n {4}<h2>This is test<\/h2>\n {4}<p>/);
    const text = ended.stdout.toString("utf8");
    assert.doesNotMatch(text, /\x1b|[●○]/);
    assert.match(text, /\n\nHTTP\/1\.1 201 Created\n(?:.+\n)+\n<h1> This is HTML <\/h1>\n\nHTTP/);
  });

  test("exercise 4: get all, and post and put that ask for the fields of the schema", async () => {
    const ended = await script(
      [
        "get all",
        "post Pingping",
        "snail 1 0",
        "get Pingping",
        "head Pingping",
        "put Pingping",
        "snail 2 0",
        "put 나비",
        "'큰 고양이' 3 4",
        "get all",
        "q",
        "get never",
      ],
      { path: "/animals" },
    );
    assert.equal(ended.stderr, "");
    assert.equal(ended.code, 0);
    assert.deepEqual(statuses(ended), ["200", "201", "200", "200", "200", "201", "200"]);
    assert.ok(
      ended.stdout.includes(
        '{"Pingping":{"type":"snail","age":"2","leg":"0"},"나비":{"type":"큰 고양이","age":"3","leg":"4"}}',
      ),
    );
  });

  test("a wrong value is not sent, and fails its line", async () => {
    const ended = await script(["put Wrong", "snail old 0", "get Wrong"], { path: "/animals" });
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /^line 2: age must match the pattern \^\\d\+\$\n$/);
    assert.deepEqual(statuses(ended), ["404"]);
  });

  test("what is no request says so and what would be right; the other lines are run", async () => {
    const ended = await script(["eat Pingping", "gte test.html", "# a note", "", "head schema.json"]);
    assert.equal(ended.code, 1);
    const [first, , third, fourth] = ended.stderr.split("\n");
    assert.equal(first, "Wrong Input: try again");
    assert.equal(third, "Wrong Input: try again");
    assert.match(fourth ?? "", /^line 2: Did you mean GET\? A request is METHOD TARGET/);
    assert.deepEqual(statuses(ended), ["200"]);
  });

  test("--fail-fast ends at the first line that failed", async () => {
    const ended = await script(["head schema.json", "eat x", "head schema.json"], { args: ["--fail-fast"] });
    assert.equal(ended.code, 1);
    assert.deepEqual(statuses(ended), ["200"]);
  });

  test("an answer is an answer, unless --check-status is given", async () => {
    assert.equal((await script(["get missing"])).code, 0);
    assert.equal((await script(["get missing"], { args: ["--check-status"] })).code, 1);
  });

  test("no connection fails the line", async () => {
    const ended = await sockeye(["shell", "-c", "get x", "http://127.0.0.1:1/"]);
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /^-c 1: Cannot connect to 127\.0\.0\.1:1: connection refused/);
  });

  test("a URL that is none is a wrong command line", async () => {
    const ended = await sockeye(["shell", "ftp://127.0.0.1/"]);
    assert.equal(ended.code, 2);
    assert.match(ended.stderr, /only http: and https:/);
  });

  test("bodies: items, JSON, HTML, text, a file, and anything behind --", async () => {
    await writeFile(join(folder.path, "사진.bin"), Buffer.from([0, 1, 2, 255]));
    const cases = [
      { line: "put kv/1 a=나 b:=2", type: "application/json", body: '{"a": "나", "b": 2}' },
      { line: 'put kv/2 {"a": 1}', type: "application/json", body: '{"a": 1}' },
      { line: "put kv/3 {a: 1}", type: "text/plain; charset=utf-8", body: "{a: 1}" },
      { line: "put kv/4 <p>야옹</p>", type: "text/html; charset=utf-8", body: "<p>야옹</p>" },
      { line: "put kv/5 -- a=b | c", type: "text/plain; charset=utf-8", body: "a=b | c" },
      { line: "put kv/6 @사진.bin", type: "application/octet-stream", body: "\0\x01\x02\xff" },
      {
        line: "put kv/7 a=b Content-Type:application/x.cat+json",
        type: "application/x.cat+json",
        body: '{"a": "b"}',
      },
    ];
    const lines = cases.flatMap(({ line }, index) => [
      line,
      `head kv/${index + 1}`,
      `get kv/${index + 1} > kv${index + 1}`,
    ]);
    const ended = await script(lines);
    assert.equal(ended.stderr, "");
    assert.equal(ended.code, 0);
    const types = [...ended.stdout.toString("utf8").matchAll(/^HTTP\/1\.1 200 OK\nContent-Type: (.*)$/gm)];
    assert.deepEqual(
      types.map(([, type]) => type),
      cases.map(({ type }) => type),
    );
    for (const [index, { body }] of cases.entries()) {
      const sent = body.includes("\xff") ? Buffer.from(body, "latin1") : Buffer.from(body);
      assert.deepEqual(await readFile(join(folder.path, `kv${index + 1}`)), sent);
    }
  });

  test("| gives the body to a command, whose failure is the line's", {
    skip: process.platform === "win32",
  }, async () => {
    const ended = await script([
      "put kv/pipe 나비",
      "get kv/pipe | tr 비 b; cat",
      "get kv/pipe | exit 3",
      "get schema.json | true",
    ]);
    assert.equal(ended.code, 1);
    assert.equal(ended.stderr, 'line 3: The command "exit 3" ended with 3\n');
  });

  test("cd, header, unset and auth hold for what follows; credentials do not go to another server", async (t) => {
    const other = await echoServer(t);
    const ended = await script([
      `cd ${other.url}/a`,
      "header X-Cat: 나비",
      "header User-Agent:",
      "auth kim:비밀",
      "get b",
      "cd ..",
      "unset X-Cat",
      "get c",
      `cd ${server.url}`,
      `cd ${other.url}`,
      "get d",
      `get ${server.url}/x`,
    ]);
    assert.equal(ended.code, 1);
    const [b = "", c = "", d = ""] = other.heads;
    assert.match(b, /^GET \/a\/b /);
    assert.match(b, /\r\nX-Cat: \xeb\x82\x98\xeb\xb9\x84\r\n/);
    assert.match(b, /\r\nAuthorization: Basic a2ltOuu5hOuwgA==\r\n/);
    assert.doesNotMatch(b, /User-Agent/i);
    assert.match(c, /^GET \/c /);
    assert.doesNotMatch(c, /X-Cat/);
    assert.doesNotMatch(d, /Authorization/);
    assert.match(ended.stderr, /^Not for this server, and unset: Authorization\n/);
    assert.match(ended.stderr, /line 12: Cannot ask http:.* from here: .* Go there first: cd /);
  });

  test("last shows the exchange again, last -v every byte, as the other tools' words", async () => {
    const lines = ["put kv/last it's 나비", "last", "last -v", "as httpie", "as HTTP", "as hurl", "as curl"];
    const ended = await script(lines);
    assert.equal(ended.code, 0);
    const text = ended.stdout.toString("utf8");
    assert.match(text, /\n\nPUT \/kv\/last HTTP\/1\.1\n(?:.+\n)+\nit's 나비\n\nHTTP\/1\.1 201 Created\n/);
    assert.match(
      text,
      /\n> PUT \/kv\/last HTTP\/1\.1\\r\\n\n> Host: [\s\S]*\n> \\r\\n\n> it's 나비\n< HTTP\/1\.1 201 Created\\r\\n\n/,
    );
    assert.match(
      text,
      /\nhttp --ignore-stdin --raw='it'\\''s 나비' PUT http:\/\/\S+\/kv\/last 'Content-Type:/,
    );
    assert.match(text, /\nPUT http:\/\/\S+\/kv\/last HTTP\/1\.1\nContent-Type: \S+ \S+\n\nit's 나비\n/);
    assert.match(
      text,
      /\nPUT http:\/\/\S+\/kv\/last\nContent-Type: .+\n\[Options\]\ncompressed: true\n`it's 나비`\n/,
    );
    assert.match(text, /\ncurl -i -X PUT .* --data-raw 'it'\\''s 나비' http:\/\/\S+\/kv\/last\n$/);
  });

  test("source runs the lines of a file, and tells where one failed", async () => {
    await writeFile(join(folder.path, "줄.txt"), "\ufeffhead schema.json\r\neat x\r\nhead test.html");
    const ended = await script(["source 줄.txt", "source missing.txt"]);
    assert.equal(ended.code, 1);
    assert.deepEqual(statuses(ended), ["200", "200"]);
    assert.match(ended.stderr, /\n줄\.txt:2: /);
    assert.match(ended.stderr, /\nline 2: Cannot read missing\.txt: there is no such file\n$/);
  });

  test("a file that runs itself comes to an end", async () => {
    await writeFile(join(folder.path, "round.txt"), "source round.txt");
    const ended = await script(["source round.txt"]);
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /16 files run each other already/);
  });

  test("no history is written", async () => {
    await script(["head schema.json"]);
    await assert.rejects(stat(join(state.path, "sockeye", "history")), { code: "ENOENT" });
  });

  test("all lines go over one connection, and the end of input closes it FIN after FIN", async (t) => {
    const other = await echoServer(t);
    const ended = await sockeye(["shell", other.url], { stdin: Buffer.from("get a\nget b\npost c\n") });
    assert.equal(ended.code, 0);
    assert.deepEqual(await other.story(), ["opened", "FIN came", "closed"]);
    assert.equal(other.heads.length, 4); // One asks whether there is a schema.
  });

  test("a character cut between two pieces of input is whole", async (t) => {
    const other = await echoServer(t);
    const text = Buffer.from("put x 나비\n");
    const ended = await sockeye(["shell", other.url], {
      stdin: "silent",
      onStart: ({ stdin }) => {
        // The first piece ends within a character, and the answer to its line shows that it was read.
        stdin?.write(Buffer.concat([Buffer.from("get first\n"), text.subarray(0, 7)]));
        void other.asked.then(() => stdin?.end(text.subarray(7)));
      },
    });
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(other.heads[1] ?? "", /\r\n\r\n\xeb\x82\x98\xeb\xb9\x84$/);
  });

  test("Ctrl-C ends it with 130", { skip: process.platform === "win32" }, async (t) => {
    const other = await echoServer(t);
    const ended = await sockeye(["shell", other.url], {
      stdin: "silent",
      onStart: (child) => {
        child.stdin?.write("get first\n");
        void other.asked.then(() => child.kill("SIGINT"));
      },
    });
    assert.equal(ended.code, 130);
  });

  test("--help tells the lines, the options and the exit codes", async () => {
    const { code, stdout } = await sockeye(["shell", "--help"]);
    assert.equal(code, 0);
    assert.match(
      stdout.toString("utf8"),
      /sockeye shell[\s\S]*--no-history[\s\S]*Exit codes: 0 every line worked/,
    );
  });
});

interface EchoServer {
  readonly url: string;
  /** Of the requests, a character for each byte. */
  readonly heads: string[];
  readonly sockets: Socket[];
  /** The first request has come. */
  readonly asked: Promise<void>;
  /** What happened to connections, in order, once the last of them is closed. */
  story(): Promise<string[]>;
}

/** Answers every request by "ok", closes its half when the other side has, and keeps what happened. */
async function echoServer(t: TestContext): Promise<EchoServer> {
  const heads: string[] = [];
  const sockets: Socket[] = [];
  const story: string[] = [];
  const closings: Promise<void>[] = [];
  let tellAsked: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    tellAsked = resolve;
  });
  const peer: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    story.push("opened");
    socket.on("data", (bytes) => {
      heads.push(bytes.toString("latin1"));
      tellAsked();
      const head = bytes.subarray(0, 5).toString("latin1") === "HEAD ";
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${head ? "" : "ok"}`);
    });
    socket.on("end", () => {
      story.push("FIN came");
      socket.end();
    });
    socket.on("error", () => story.push("broken"));
    closings.push(
      new Promise((resolve) => {
        socket.on("close", (failed) => {
          story.push(failed ? "closed by an error" : "closed");
          resolve();
        });
      }),
    );
  });
  await new Promise<void>((resolve) => peer.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    peer.close();
  });
  const url = `http://127.0.0.1:${(peer.address() as AddressInfo).port}`;
  return {
    url,
    heads,
    sockets,
    asked,
    story: async () => {
      await Promise.all(closings);
      return story;
    },
  };
}

describe("on a terminal", { skip: noPseudoTerminal, concurrency: 2 }, () => {
  async function open(t: TestContext, url: string, args: readonly string[] = []): Promise<ShellTerminal> {
    const terminal = new ShellTerminal([...args, url], { XDG_STATE_HOME: join(state.path, t.name) });
    t.after(() => terminal.stop());
    await terminal.shows(/○ \S+> $/);
    return terminal;
  }

  test("the prompt tells where it is and whether a connection is open", async (t) => {
    const terminal = await open(t, `${server.url}/animals`);
    const text = await terminal.line("get all");
    assert.match(text, /HTTP\/1\.1 200 OK\n[\s\S]*● 127\.0\.0\.1:\d+\/animals> $/);
    assert.match(terminal.shown, /\x1b\[32m200 OK/);
    assert.match(await terminal.line("cd /"), /● 127\.0\.0\.1:\d+> $/);
    terminal.type("q\r");
    assert.equal(await terminal.ended(), 0);
  });

  test("a value that does not fit is asked for again, and an empty line cancels", async (t) => {
    const terminal = await open(t, `${server.url}/animals`);
    const question = /Enter information: \[type\] \[age\] \[leg\] $/;
    await terminal.line("post Rex", question);
    assert.match(await terminal.line("dog old 4", question), /\nage must match the pattern/);
    assert.match(await terminal.line("dog 3 4"), /HTTP\/1\.1 201 Created/);
    await terminal.line("post Max", question);
    assert.match(await terminal.line(""), /\nNothing was sent\n/);
    await terminal.line("post Max", question);
    terminal.type("\x03");
    await terminal.shows(/\nNothing was sent\n● \S+> $/);
    assert.match(await terminal.line("get Max"), /404 Not Found/);
  });

  test("Ctrl-C cancels a request, then the line, and twice on an empty one says how to end", async (t) => {
    const terminal = await open(t, `${server.url}/animals`);
    await terminal.line("get ?watch", /retry: 2000/);
    terminal.type("\x03");
    await terminal.shows(/Cancelled\n○ \S+> $/);
    terminal.type("get x");
    await terminal.shows(/get x$/);
    terminal.type("\x03");
    await terminal.shows(/\^C\n○ \S+> $/);
    terminal.type("\x03");
    await terminal.shows(/\^C\n○ \S+> $/);
    terminal.type("\x03");
    await terminal.shows(/To end: q, or Ctrl-D.*\n○ \S+> $/);
    assert.match(await terminal.line("get all"), /200 OK/);
  });

  test("Tab completes methods, and targets that the server lists", async (t) => {
    const terminal = await open(t, `${server.url}/kv`);
    await terminal.line("put tabby-cat 야옹");
    terminal.type("ge");
    await terminal.shows(/ge$/);
    terminal.type("\t");
    await terminal.shows(/^t $/);
    terminal.type("ta");
    await terminal.shows(/ta$/);
    terminal.type("\t");
    await terminal.shows(/bby-cat$/);
    terminal.type("\r");
    assert.match(await terminal.shows(/야옹\n● \S+> $/), /200 OK/);
  });

  test("lines are kept for the next shell, but for credentials", async (t) => {
    const first = await open(t, server.url);
    await first.line("head schema.json");
    await first.line("auth kim:secret");
    first.type("q\r");
    await first.ended();
    const path = join(state.path, t.name, "sockeye", "history");
    assert.equal(await readFile(path, "utf8"), "head schema.json\n");
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    const second = await open(t, server.url);
    second.type("\x1b[A");
    await second.shows(/head schema\.json$/);
    second.type("\r");
    await second.shows(/200 OK/);
  });

  test("--no-history neither reads nor writes", async (t) => {
    const terminal = await open(t, server.url, ["--no-history"]);
    await terminal.line("head schema.json");
    terminal.type("q\r");
    await terminal.ended();
    await assert.rejects(stat(join(state.path, t.name, "sockeye")), { code: "ENOENT" });
  });

  test("it says when the server closes, and the next request goes over a new connection", async (t) => {
    const other = await echoServer(t);
    const terminal = await open(t, other.url);
    await terminal.line("get a");
    terminal.type("get 나");
    await terminal.shows(/get 나$/);
    other.sockets[0]?.end();
    await terminal.shows(
      /The server closed the connection; the next request opens a new one\n○ \S+> get 나$/,
    );
    terminal.type("비\r");
    await terminal.shows(/200 OK[\s\S]*● \S+> $/);
    assert.match(other.heads[1] ?? "", /^GET \/%EB%82%98%EB%B9%84 /);
    assert.equal(other.sockets.length, 2);
  });

  for (const { name, keys } of [
    { name: "q", keys: "q\r" },
    { name: "Ctrl-D", keys: "\x04" },
  ]) {
    test(`${name} closes the connection FIN after FIN`, async (t) => {
      const other = await echoServer(t);
      const terminal = await open(t, other.url);
      await terminal.line("get a");
      terminal.type(keys);
      assert.equal(await terminal.ended(), 0);
      assert.deepEqual(await other.story(), ["opened", "FIN came", "closed"]);
    });
  }
});
