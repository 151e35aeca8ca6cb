import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodePath, encodePath, isHiddenName, PathError, reservedName } from "./paths.ts";

const paths: readonly { path: string; names: readonly string[]; canonical?: string }[] = [
  { path: "/", names: [""] },
  { path: "/a", names: ["a"] },
  { path: "/a/", names: ["a", ""] },
  { path: "/a/b.txt", names: ["a", "b.txt"] },
  { path: "/a%20b", names: ["a b"] },
  { path: "/%61", names: ["a"], canonical: "/a" },
  { path: "/%7euser", names: ["~user"], canonical: "/~user" },
  { path: "/a+b", names: ["a+b"] },
  { path: "/-._~!$&'()*+,;=:@", names: ["-._~!$&'()*+,;=:@"] },
  { path: "/[a]|{b}", names: ["[a]|{b}"], canonical: "/%5Ba%5D%7C%7Bb%7D" },
  { path: "/a%3Fb%23c", names: ["a?b#c"] },
  { path: "/%EC%95%88%EB%85%95", names: ["안녕"] },
  { path: "/%ec%95%88", names: ["안"], canonical: "/%EC%95%88" },
  { path: "/%F0%9F%90%9F", names: ["🐟"] },
  { path: "/%EF%BB%BFa", names: ["\ufeffa"] },
  // Decoded once: what comes out is not an escape any more.
  { path: "/%252e%252e", names: ["%2e%2e"], canonical: "/%252e%252e" },
  { path: "/%252F", names: ["%2F"] },
  { path: "/...", names: ["..."] },
  { path: "/..a", names: ["..a"] },
  { path: "/.hidden", names: [".hidden"] },
  { path: "/%20", names: [" "] },
  { path: "/C:/a", names: ["C:", "a"] },
];

for (const { path, names, canonical } of paths) {
  test(`the path ${path} names ${JSON.stringify(names)}, and back`, () => {
    assert.deepEqual(decodePath(path), names);
    assert.equal(encodePath(names), canonical ?? path);
  });
}

const refused: readonly { path: string; code: PathError["code"] }[] = [
  { path: "", code: "PATH_ENCODING_INVALID" },
  { path: "a", code: "PATH_ENCODING_INVALID" },
  { path: "*", code: "PATH_ENCODING_INVALID" },
  { path: "/a?b", code: "PATH_ENCODING_INVALID" },
  { path: "/a#b", code: "PATH_ENCODING_INVALID" },
  { path: "/a b", code: "PATH_ENCODING_INVALID" },
  { path: "/a\n", code: "PATH_ENCODING_INVALID" },
  { path: "/\0", code: "PATH_ENCODING_INVALID" },
  { path: "/안녕", code: "PATH_ENCODING_INVALID" },
  { path: "/\u00ec\u0095\u0088", code: "PATH_ENCODING_INVALID" },
  { path: "/%", code: "PATH_ENCODING_INVALID" },
  { path: "/%4", code: "PATH_ENCODING_INVALID" },
  { path: "/%zz", code: "PATH_ENCODING_INVALID" },
  { path: "/%u0041", code: "PATH_ENCODING_INVALID" },
  { path: "/%ff", code: "PATH_ENCODING_INVALID" },
  { path: "/%80", code: "PATH_ENCODING_INVALID" },
  { path: "/%ec%95", code: "PATH_ENCODING_INVALID" },
  // An escape does not go on in the next segment.
  { path: "/%ec/%95%88", code: "PATH_ENCODING_INVALID" },
  // Overlong forms of "/", "." and NUL; a surrogate; past the last code point.
  { path: "/%c0%af", code: "PATH_ENCODING_INVALID" },
  { path: "/%e0%80%af", code: "PATH_ENCODING_INVALID" },
  { path: "/%c0%ae%c0%ae/", code: "PATH_ENCODING_INVALID" },
  { path: "/%c0%80", code: "PATH_ENCODING_INVALID" },
  { path: "/%ed%a0%80", code: "PATH_ENCODING_INVALID" },
  { path: "/%f4%90%80%80", code: "PATH_ENCODING_INVALID" },
  { path: "/.", code: "PATH_SEGMENT_FORBIDDEN" },
  { path: "/..", code: "PATH_SEGMENT_FORBIDDEN" },
  { path: "/a/../b", code: "PATH_SEGMENT_FORBIDDEN" },
  { path: "/a/./b", code: "PATH_SEGMENT_FORBIDDEN" },
  { path: "/../../etc/passwd", code: "PATH_SEGMENT_FORBIDDEN" },
  { path: "/%2e", code: "PATH_SEGMENT_FORBIDDEN" },
  { path: "/%2e%2E/a", code: "PATH_SEGMENT_FORBIDDEN" },
  { path: "/.%2e/a", code: "PATH_SEGMENT_FORBIDDEN" },
  { path: "//", code: "PATH_SEGMENT_FORBIDDEN" },
  { path: "//a", code: "PATH_SEGMENT_FORBIDDEN" },
  { path: "/a//b", code: "PATH_SEGMENT_FORBIDDEN" },
  { path: "/a//", code: "PATH_SEGMENT_FORBIDDEN" },
  { path: "/a%2fb", code: "PATH_SEGMENT_FORBIDDEN" },
  { path: "/..%2Fa", code: "PATH_SEGMENT_FORBIDDEN" },
  { path: "/a\\b", code: "PATH_SEGMENT_FORBIDDEN" },
  { path: "/..%5Ca", code: "PATH_SEGMENT_FORBIDDEN" },
  { path: "/a%00.txt", code: "PATH_SEGMENT_FORBIDDEN" },
  { path: "/a%0d%0ab", code: "PATH_SEGMENT_FORBIDDEN" },
  { path: "/a%1b%5B2J", code: "PATH_SEGMENT_FORBIDDEN" },
  { path: "/a%7f", code: "PATH_SEGMENT_FORBIDDEN" },
  { path: "/a%c2%9b", code: "PATH_SEGMENT_FORBIDDEN" },
];

for (const { path, code } of refused) {
  test(`decodePath() refuses ${JSON.stringify(path)} with ${code}`, () => {
    assert.throws(() => decodePath(path), { name: "PathError", code, message: /^Cannot / });
  });
}

test("a refusal quotes the beginning of a long path only", () => {
  assert.throws(
    () => decodePath(`/${"a".repeat(8000)}/..`),
    (error) => error instanceof PathError && error.message.length < 250,
  );
});

test("encodePath() refuses half of a surrogate pair", () => {
  assert.throws(() => encodePath(["\ud83d"]), { code: "PATH_ENCODING_INVALID" });
});

test("encodePath() writes down a name that decodePath() would refuse", () => {
  assert.equal(encodePath(["a\\b", "c\nd", "e/f"]), "/a%5Cb/c%0Ad/e%2Ff");
});

test("encodePath() of no name is the root", () => {
  assert.equal(encodePath([]), "/");
});

const anyName = fc
  .string({ unit: "binary", minLength: 1 })
  .filter((name) => name !== "." && name !== ".." && !/[\p{Cc}/\\]/u.test(name));

test("names that were encoded are decoded to the same names", () => {
  fc.assert(
    fc.property(fc.array(anyName), fc.oneof(anyName, fc.constant("")), (names, last) => {
      const path = encodePath([...names, last]);
      assert.match(path, /^(?:\/(?:[\w\-.~!$&'()*+,;=:@]|%[0-9A-F]{2})*)+$/);
      assert.deepEqual(decodePath(path), [...names, last]);
    }),
  );
});

test("whatever path is read, no name leads out of the tree", () => {
  const piece = fc.constantFrom(
    "/",
    ".",
    "..",
    "%2e",
    "%2f",
    "%5c",
    "\\",
    "a",
    "%00",
    "%c0%ae",
    "%25",
    "2e",
    "%",
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      let names: readonly string[];
      try {
        names = decodePath(`/${pieces.join("")}`);
      } catch (error) {
        assert.ok(error instanceof PathError);
        return;
      }
      for (const name of names) assert.doesNotMatch(name, /^\.\.?$|[/\\\0]/);
      assert.ok(!names.slice(0, -1).includes(""));
    }),
  );
});

test("isHiddenName() goes by the first dot", () => {
  assert.deepEqual([".git", "..a", "a.b", "", "a."].map(isHiddenName), [true, true, false, false, false]);
});

const reserved: readonly { name: string; platform: NodeJS.Platform; why?: RegExp }[] = [
  { name: "notes.txt", platform: "win32" },
  { name: ".gitignore", platform: "win32" },
  { name: "안녕 하세요.txt", platform: "win32" },
  { name: "console.log", platform: "win32" },
  { name: "COM", platform: "win32" },
  { name: "COM10", platform: "win32" },
  { name: "null", platform: "win32" },
  { name: "a.con", platform: "win32" },
  { name: "con-1", platform: "win32" },
  { name: "~backup", platform: "win32" },
  { name: "chapter~1.final.md", platform: "win32" },
  { name: "CON", platform: "win32", why: /^CON is the name of a device/ },
  { name: "nul", platform: "win32", why: /^nul is the name of a device/ },
  { name: "NUL.txt", platform: "win32", why: /device/ },
  { name: "nul.tar.gz", platform: "win32", why: /device/ },
  { name: "NUL .txt", platform: "win32", why: /device/ },
  { name: "aux", platform: "win32", why: /device/ },
  { name: "PRN", platform: "win32", why: /device/ },
  { name: "COM1", platform: "win32", why: /device/ },
  { name: "com¹", platform: "win32", why: /device/ },
  { name: "LPT³.txt", platform: "win32", why: /device/ },
  { name: "CONIN$", platform: "win32", why: /device/ },
  { name: "conout$", platform: "win32", why: /device/ },
  { name: "a.", platform: "win32", why: /dot or a space/ },
  { name: "a ", platform: "win32", why: /dot or a space/ },
  { name: "a:b", platform: "win32", why: /does not allow :/ },
  { name: "a.txt::$DATA", platform: "win32", why: /does not allow :/ },
  { name: "what?", platform: "win32", why: /does not allow \?/ },
  { name: "<a>", platform: "win32", why: /does not allow </ },
  { name: "a|b", platform: "win32", why: /does not allow \|/ },
  { name: "*", platform: "win32", why: /does not allow \*/ },
  { name: 'a"b', platform: "win32", why: /does not allow "/ },
  { name: "HTPASS~1", platform: "win32", why: /short name/ },
  { name: "git~1", platform: "win32", why: /short name/ },
  { name: "PROGRA~12.TXT", platform: "win32", why: /short name/ },
  { name: "CON", platform: "linux" },
  { name: "a:b?.", platform: "linux" },
  { name: "HTPASS~1", platform: "linux" },
  { name: "CON", platform: "darwin" },
  { name: "a:b?.", platform: "darwin" },
  { name: "a".repeat(255), platform: "linux" },
  { name: "a".repeat(256), platform: "linux", why: /longer than 255 bytes/ },
  { name: "안".repeat(85), platform: "linux" },
  { name: "안".repeat(86), platform: "linux", why: /longer than 255 bytes/ },
  { name: "안".repeat(86), platform: "darwin", why: /longer than 255 bytes/ },
  { name: "🐟".repeat(64), platform: "win32", why: /longer than 255 bytes/ },
];

for (const { name, platform, why } of reserved) {
  test(`${JSON.stringify(name.slice(0, 20))} (${name.length}) is ${why ? "refused" : "kept"} on ${platform}`, () => {
    const reason = reservedName(name, platform);
    if (why) assert.match(reason ?? "", why);
    else assert.equal(reason, undefined);
  });
}
