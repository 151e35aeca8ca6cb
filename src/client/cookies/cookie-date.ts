// The date of a cookie: RFC 6265, 5.1.1, which takes nearly anything for a date, unlike HTTP-date. Knows no cookie.

// Everything that is neither a digit, a letter, a colon, a control nor beyond ASCII.
const DELIMITERS = /[\t\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+/;

// A part may go on after its digits, if not with another digit: "10:00:00Z", "2nd".
const TIME = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?!\d)/;
const DAY = /^(\d{1,2})(?!\d)/;
const YEAR = /^(\d{2,4})(?!\d)/;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/**
 * Reads the date of an Expires attribute; undefined when it is none. The first part that can be a time is the time, then
 * the first that can be a day, a month, a year; the zone and the day of the week are not looked at.  RFC 6265, 5.1.1
 */
export function parseCookieDate(text: string): Date | undefined {
  let time: RegExpExecArray | null = null;
  let day: number | undefined;
  let month: number | undefined;
  let year: number | undefined;
  for (const token of text.split(DELIMITERS)) {
    if (time === null) {
      time = TIME.exec(token);
      if (time !== null) continue;
    }
    if (day === undefined) {
      day = digitsOf(DAY, token);
      if (day !== undefined) continue;
    }
    if (month === undefined) {
      const found = MONTHS.indexOf(token.slice(0, 3).toLowerCase());
      if (found !== -1) {
        month = found;
        continue;
      }
    }
    if (year === undefined) year = digitsOf(YEAR, token);
  }
  if (time === null || day === undefined || month === undefined || year === undefined) return undefined;
  return instant(fullYear(year), month, day, Number(time[1]), Number(time[2]), Number(time[3]));
}

function digitsOf(pattern: RegExp, token: string): number | undefined {
  const digits = pattern.exec(token)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function fullYear(year: number): number {
  if (year >= 70 && year <= 99) return year + 1900;
  return year <= 69 ? year + 2000 : year;
}

function instant(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): Date | undefined {
  if (year < 1601 || hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(Date.UTC(year, month, day, hour, minute, second));
  // 31 February would have become a day of March, and 0 March one of February.
  return date.getUTCMonth() === month ? date : undefined;
}
