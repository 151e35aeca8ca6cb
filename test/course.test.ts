// The course in docs/course/: its lessons against Sockeye, and against servers that are wrong in one thing each.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { access, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { sharedSettings } from "../src/cli/run/settings.ts";
import { parseHurl } from "../src/suite/hurl/parse.ts";
import type { Entry } from "../src/suite/hurl/tree.ts";
import { failuresOf } from "../src/suite/report/failures.ts";
import { reasonAbove } from "../src/suite/report/reasons.ts";
import type { FileOutcome, SuiteFile } from "../src/suite/run/outcome.ts";
import { runFile } from "../src/suite/run/run-file.ts";
import { type Ended, sockeye } from "./fixtures/client-command.ts";
import { serve, stop } from "./fixtures/command.ts";
import { FAULTY_SERVERS, type FaultyServer } from "./fixtures/faulty-servers.ts";
import { LATER_FAULTY_SERVERS } from "./fixtures/faulty-servers-later.ts";
import { goBetween } from "./fixtures/go-between.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

const COURSE = fileURLToPath(new URL("../docs/course/", import.meta.url));
const NAMES = readdirSync(COURSE).sort();
const LESSONS = NAMES.filter((name) => name.endsWith(".hurl")).map((name) => name.slice(0, -".hurl".length));
const PAGES = NAMES.filter((name) => name.endsWith(".md") && !name.endsWith(".ko.md"));

const ALL_FAULTY_SERVERS = [...FAULTY_SERVERS, ...LATER_FAULTY_SERVERS];

/** What the course asks a learner to prepare. */
const PREPARED: { readonly [name: string]: string } = {
  "hello.txt": "Hello, 안녕!\n",
  "page.html": "<!doctype html><title>Page</title><p>A page.</p>\n",
  "안녕.txt": "안녕하세요!\n",
};

const read = (name: string): string => readFileSync(join(COURSE, name), "utf8");
const pathOf = (lesson: string): string => join(COURSE, `${lesson}.hurl`);

function lessonFile(lesson: string): SuiteFile {
  const text = read(`${lesson}.hurl`);
  return { name: `${lesson}.hurl`, text, tree: parseHurl(text) };
}

const folder = temporaryFolder();
const copies = temporaryFolder();
let server: Awaited<ReturnType<typeof serve>>;
before(async () => {
  await prepare();
  // What a test removes behind its back it must see at once.
  server = await serve([folder.path, "--cache-seconds", "0"]);
});
after(() => stop(server));

async function prepare(): Promise<void> {
  for (const name of await folder.names()) await rm(join(folder.path, name), { recursive: true });
  for (const [name, content] of Object.entries(PREPARED)) await writeFile(join(folder.path, name), content);
}

/** Runs files as the pages tell. */
function run(args: readonly string[], locale = "C.UTF-8"): Promise<Ended> {
  return sockeye(["run", "--test", "--no-color", ...args], { env: { LC_ALL: locale } });
}

/** Runs a lesson within this process, which takes less time. */
async function outcomeOf(lesson: string, host: string): Promise<FileOutcome> {
  const settings = await sharedSettings({ variable: [`host=${host}`], assert: true, cookieStore: true }, {});
  const { signal } = new AbortController();
  const quiet = { print: () => undefined, listener: {}, signal };
  return runFile(lessonFile(lesson), { ...settings, ...quiet, fileRoot: COURSE });
}

/** Reasons are wrapped where they are shown. */
const unwrapped = (shown: string): string => shown.replaceAll(/\s+/g, " ");

test("all lessons hold for Sockeye, at once and again, and leave the folder as it was", async () => {
  for (let round = 0; round < 2; round++) {
    const { code, stderr } = await run(["--variable", `host=${server.url}`, ...LESSONS.map(pathOf)]);
    assert.equal(code, 0, stderr);
  }
  assert.deepEqual(await folder.names(), Object.keys(PREPARED).sort());
});

describe("each lesson by itself", () => {
  for (const lesson of LESSONS) {
    test(`${lesson} holds for Sockeye`, async () => {
      await prepare();
      const outcome = await outcomeOf(lesson, server.url);
      assert.deepEqual(
        failuresOf(outcome).map(({ failure }) => failure.message),
        [],
      );
    });

    test(`${lesson} gives a reason in both languages for all that may fail`, () => {
      const { text, tree } = lessonFile(lesson);
      const lines = text.split("\n");
      const without = tree.entries
        .flatMap(assertedLines)
        .filter(({ line, mayBeAny }) => !mayBeAny && !hasReasons(text, line))
        .map(({ line }) => `${line}: ${lines[line - 1]}`);
      assert.deepEqual(without, []);
    });

    test(`${lesson} begins with how to run it, and has one title on its page, in the list and in its file`, () => {
      const [english = "", korean = "", , command] = read(`${lesson}.hurl`).split("\n");
      const run = "sockeye run --test --variable host=http://127.0.0.1:8080";
      assert.equal(command, `# ${run} docs/course/${lesson}.hurl`);
      for (const [title, ending] of [
        [english, ".md"],
        [korean, ".ko.md"],
      ] as const) {
        const [, number, name] = /^# (\d+)\. (.+)$/.exec(title) ?? [];
        assert.equal(Number(number), Number(lesson.slice(0, 2)), title);
        assert.equal(read(lesson + ending).split("\n")[0], title);
        assert.ok(read(`README${ending}`).includes(`| ${number} | [${name}](${lesson}${ending}) |`), title);
      }
    });
  }
});

/** Where an entry says what an answer must be; a status that may be any cannot fail. */
function assertedLines({ response }: Entry): { readonly line: number; readonly mayBeAny: boolean }[] {
  if (response === undefined) return [];
  const { status, version, headers, sections, body } = response;
  const asserts = sections.flatMap((section) => (section.kind === "asserts" ? section.items : []));
  const others = [...headers, ...asserts, ...(body === undefined ? [] : [body.value])];
  return [
    { line: status.source.start.line, mayBeAny: status.value === "any" && version.value === "any" },
    ...others.map(({ source }) => ({ line: source.start.line, mayBeAny: false })),
  ];
}

function hasReasons(text: string, line: number): boolean {
  const english = reasonAbove(text, line, "en");
  const korean = reasonAbove(text, line, "ko");
  return english !== undefined && korean !== undefined && english !== korean && /[가-힣]/.test(korean);
}

describe("servers that are wrong in one thing", () => {
  for (const faulty of ALL_FAULTY_SERVERS) {
    test(`lesson ${faulty.lesson} finds a server that ${faulty.fault}`, async (t) => {
      const lesson = lessonOf(faulty);
      const host = await spoiled(t, faulty);
      const failures = failuresOf(await outcomeOf(lesson, host)).map(({ failure }) => failure);
      const said = failures.map(({ source, message }) => `${source.start.line}: ${message}`).join("\n");
      assert.equal(failures[0]?.source.start.line, lineMeant(faulty), said);
      assert.equal(failures[0]?.kind, faulty.kind ?? "assert", said);
    });
  }

  for (const [locale, language] of [
    ["C.UTF-8", "en"],
    ["ko_KR.UTF-8", "ko"],
  ] as const) {
    test(`a run of all lessons in ${locale} that fails in each ends with code 4, and gives the reasons`, async (t) => {
      const faultyServers = LESSONS.map(firstFaulty);
      await prepare();
      const paths = await Promise.all(faultyServers.map((faulty) => lessonFor(t, faulty)));
      // One answer that could not be read would make it 3.
      const { code, stderr } = await run(paths, locale);
      assert.equal(code, 4, stderr);
      const failures = stderr.split(/^error: /m);
      for (const [index, faulty] of faultyServers.entries()) {
        const failure = failures.find((one) => one.includes(` --> ${paths[index]}:`)) ?? "(no failure)";
        const line = lineMeant(faulty);
        assert.ok(failure.includes(` --> ${paths[index]}:${line}:`), stderr);
        const reason = reasonAbove(read(`${lessonOf(faulty)}.hurl`), line, language);
        assert.ok(unwrapped(failure).includes(`= ${reason}`), `${reason}\nis not in\n${failure}`);
      }
    });
  }
});

function firstFaulty(lesson: string): FaultyServer {
  const faulty = ALL_FAULTY_SERVERS.find((one) => lesson.startsWith(`${one.lesson}-`));
  assert.ok(faulty !== undefined, `no server is wrong in lesson ${lesson}`);
  return faulty;
}

/** The path of a copy of a lesson that asks its own faulty server, so that one run can have them all. */
async function lessonFor(t: TestContext, faulty: FaultyServer): Promise<string> {
  const { url, close } = await goBetween(server.port, faulty);
  t.after(close);
  const name = `${lessonOf(faulty)}.hurl`;
  const path = join(copies.path, name);
  await writeFile(path, read(name).replaceAll("{{host}}", url));
  return path;
}

function lessonOf({ lesson }: FaultyServer): string {
  const name = LESSONS.find((one) => one.startsWith(`${lesson}-`));
  assert.ok(name !== undefined, `there is no lesson ${lesson}`);
  return name;
}

/** The number of the line at which a faulty server must be found out. */
function lineMeant(faulty: FaultyServer): number {
  const { line: wanted, occurrence = 1 } = faulty;
  const lines = read(`${lessonOf(faulty)}.hurl`).split("\n");
  const found = lines.flatMap((line, index) => (line.trim() === wanted ? [index + 1] : []))[occurrence - 1];
  assert.ok(found !== undefined, `${lessonOf(faulty)} has no line ${occurrence} that reads ${wanted}`);
  return found;
}

/** A faulty server before a folder as it was prepared, until the test ends. Gives its URL. */
async function spoiled(t: TestContext, fault: FaultyServer): Promise<string> {
  await prepare();
  const { url, close } = await goBetween(server.port, fault);
  t.after(close);
  return url;
}

describe("the pages", () => {
  test("every lesson has one, in English and in Korean", () => {
    const wanted = ["README", ...LESSONS].flatMap((name) => [`${name}.md`, `${name}.ko.md`]);
    assert.deepEqual(
      NAMES.filter((name) => name.endsWith(".md")),
      wanted.sort(),
    );
  });

  for (const page of PAGES) {
    const twin = page.replace(/\.md$/, ".ko.md");

    test(`${twin} has the headings, code blocks and tables of ${page}`, () => {
      assert.deepEqual(shapeOf(read(twin)), shapeOf(read(page)));
    });

    for (const one of [page, twin]) {
      test(`${one} shows a failure, with the line and the reason that a reader gets`, () => {
        const [, ...failures] = read(one).split(/^error: /m);
        assert.notEqual(failures.length, 0);
        for (const failure of failures) checkShown(failure, one === twin ? "ko" : "en");
      });

      test(`the links of ${one} lead somewhere`, async () => {
        const links = [...read(one).matchAll(/\]\(([^)#]+)(?:#([^)]+))?\)/g)];
        const local = links.filter(([, target = ""]) => !/^https?:/.test(target));
        assert.ok(local.length > 0, "a page leads to the next one");
        for (const [link, target = "", anchor] of local) {
          await access(join(COURSE, target));
          assert.ok(anchor === undefined || anchorsOf(read(target)).includes(anchor), link);
        }
      });
    }
  }
});

/** Shown are the lesson's line as it is now, and the reason above it in the page's language. */
function checkShown(failure: string, language: "en" | "ko"): void {
  const [, lesson = "", number = ""] = /--> docs\/course\/(\S+)\.hurl:(\d+):/.exec(failure) ?? [];
  const text = read(`${lesson}.hurl`);
  const shown = failure.split("\n").map((line) => line.trim());
  const source = text.split("\n")[Number(number) - 1];
  assert.ok(shown.includes(`${number} | ${source}`), failure);
  const reason = shown.slice(shown.findIndex((line) => line.startsWith("= ")));
  const end = reason.findIndex((line) => line === "" || line === "```");
  const wanted = reasonAbove(text, Number(number), language);
  assert.equal(reason.slice(0, end).join(" "), `= ${wanted}`);
}

/** What the headings of a page can be linked by. */
function anchorsOf(page: string): string[] {
  const headings = page.matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, text = ""]) =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** What two pages in two languages have in common. */
function shapeOf(page: string): { headings: string[]; blocks: string[]; rows: number } {
  const blocks = [...page.matchAll(CODE_BLOCK)].map(([block]) =>
    // What is sent and typed is the same in every language; the rest is in the page's own.
    /^```(?:http|sh)\n/.test(block) ? block : (block.split("\n")[0] as string),
  );
  // A "#" in a block is no heading.
  const prose = page.replaceAll(CODE_BLOCK, "");
  const headings = [...prose.matchAll(/^(#+) /gm)].map(([, marks]) => marks as string);
  return { headings, blocks, rows: [...prose.matchAll(/^\|/gm)].length };
}

const CODE_BLOCK = /^```.*\n[\s\S]*?^```$/gm;
