// Why a line of a test file is there: what its author wrote in comments directly above it, to be shown when the line
// does not hold. `# why: …` is for every reader, `# 왜: …` for readers of Korean instead.

export type ReaderLanguage = "en" | "ko";

const MARKS: Readonly<Record<ReaderLanguage, RegExp>> = { en: /^why: */, ko: /^왜: */ };

/** The reason above a line (from 1) of a file's text; comments behind a mark go on with it. Undefined: none is given. */
export function reasonAbove(text: string, line: number, language: ReaderLanguage): string | undefined {
  const comments = commentsAbove(text.split(/\r?\n/), line);
  return paragraph(comments, MARKS[language]) ?? paragraph(comments, MARKS.en);
}

function commentsAbove(lines: readonly string[], line: number): string[] {
  const comments: string[] = [];
  for (let at = line - 2; at >= 0; at--) {
    const comment = /^[ \t]*#[ \t]?(.*)$/.exec(lines[at] ?? "")?.[1];
    if (comment === undefined) break;
    comments.unshift(comment.trim());
  }
  return comments;
}

/** From the line with the mark to the next one with any mark. */
function paragraph(comments: readonly string[], mark: RegExp): string | undefined {
  const start = comments.findIndex((comment) => mark.test(comment));
  if (start === -1) return undefined;
  const rest = comments.slice(start + 1);
  const next = rest.findIndex((comment) => Object.values(MARKS).some((one) => one.test(comment)));
  const more = next === -1 ? rest : rest.slice(0, next);
  return [(comments[start] as string).replace(mark, ""), ...more].join(" ").trim();
}
