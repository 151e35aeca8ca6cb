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

/** Runs lessons as their pages tell. */
function runLessons(lessons: readonly string[], host: string, locale = "C.UTF-8"): Promise<Ended> {
  const args = ["run", "--test", "--no-color", "--variable", `host=${host}`, ...lessons.map(pathOf)];
  return sockeye(args, { env: { LC_ALL: locale } });
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
    const { code, stderr } = await runLessons(LESSONS, server.url);
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

  for (const lesson of LESSONS) {
    test(`a run of ${lesson} that fails ends with code 4 and the reason in the reader's language`, async (t) => {
      const faulty = ALL_FAULTY_SERVERS.find((one) => lesson.startsWith(`${one.lesson}-`));
      assert.ok(faulty !== undefined, `no server is wrong in lesson ${lesson}`);
      const line = lineMeant(faulty);
      for (const [locale, language] of [
        ["C.UTF-8", "en"],
        ["ko_KR.UTF-8", "ko"],
      ] as const) {
        const host = await spoiled(t, faulty);
        const { code, stderr } = await runLessons([lesson], host, locale);
        assert.equal(code, 4, stderr);
        assert.match(stderr, new RegExp(`--> .*${lesson}\\.hurl:${line}:`));
        const reason = reasonAbove(read(`${lesson}.hurl`), line, language);
        assert.ok(unwrapped(stderr).includes(reason ?? "(none)"), `${reason}\nis not in\n${stderr}`);
      }
    });
  }
});

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
      test(`the failures that ${one} shows are those that a reader gets`, () => {
        for (const failure of read(one)
          .split(/^error: /m)
          .slice(1))
          checkShown(failure, one === twin ? "ko" : "en");
      });

      test(`the links of ${one} lead somewhere`, async () => {
        const links = [...read(one).matchAll(/\]\(([^)#]+?)(?:#[^)]*)?\)/g)].map(
          ([, target]) => target as string,
        );
        const local = links.filter((target) => !/^https?:/.test(target));
        assert.ok(local.length > 0, "a page leads to the next one");
        for (const target of local) await access(join(COURSE, target));
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

/** What two pages in two languages have in common. */
function shapeOf(page: string): { headings: string[]; blocks: string[]; rows: number } {
  const blocks = [...page.matchAll(CODE_BLOCK)].map(([block]) => block.split("\n")[0] as string);
  // A "#" in a block is no heading.
  const prose = page.replaceAll(CODE_BLOCK, "");
  const headings = [...prose.matchAll(/^(#+) /gm)].map(([, marks]) => marks as string);
  return { headings, blocks, rows: [...prose.matchAll(/^\|/gm)].length };
}

const CODE_BLOCK = /^```.*\n[\s\S]*?^```$/gm;
