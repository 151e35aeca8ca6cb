// HTTP-date: RFC 9110, 5.6.7. Knows the three forms of a date, and nothing of the fields that carry one.
// Dates are milliseconds since 1970-01-01T00:00:00Z, as in JavaScript's Date.

const TIME = "([01]\\d|2[0-3]):([0-5]\\d):([0-5]\\d|60)";
const MONTH = "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
const WEEKDAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const WEEKDAY_LONG = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day";

const IMF_FIXDATE = new RegExp(`^${WEEKDAY}, (\\d\\d) ${MONTH} (\\d{4}) ${TIME} GMT$`);
const RFC850_DATE = new RegExp(`^${WEEKDAY_LONG}, (\\d\\d)-${MONTH}-(\\d\\d) ${TIME} GMT$`);
const ASCTIME_DATE = new RegExp(`^${WEEKDAY} ${MONTH} (\\d\\d| \\d) ${TIME} (\\d{4})$`);

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"));

// The calendar repeats every 400 years, which have this many milliseconds.
const CYCLE = 146_097 * 86_400_000;

const YEAR_0000 = -62_167_219_200_000;
const YEAR_9999_END = 253_402_300_799_000;

/**
 * Reads an HTTP-date in any of its three forms and returns milliseconds since the epoch, or
 * `undefined` when the text is none of them. A wrong day of the week is overlooked: the date
 * says the same without it. A leap second (23:59:60) counts as the second before it.
 *
 * `now`, in the same unit, decides which century a two-digit year belongs to: the latest that
 * is not more than 50 years ahead.  RFC 9110, 5.6.7
 */
export function parseHttpDate(text: string, now: number = Date.now()): number | undefined {
  const imf = IMF_FIXDATE.exec(text);
  if (imf !== null) return instant(Number(imf[3]), imf[2], imf[1], imf[4], imf[5], imf[6]);

  const asctime = ASCTIME_DATE.exec(text);
  if (asctime !== null) {
    return instant(Number(asctime[6]), asctime[1], asctime[2], asctime[3], asctime[4], asctime[5]);
  }

  const rfc850 = RFC850_DATE.exec(text);
  if (rfc850 === null) return undefined;
  const horizon = new Date(now);
  const century = Math.floor(horizon.getUTCFullYear() / 100) * 100;
  horizon.setUTCFullYear(horizon.getUTCFullYear() + 50);
  // Year by year, not by adding to a timestamp: 29 February exists in one century and not in the next.
  for (let year = century + 100 + Number(rfc850[3]); ; year -= 100) {
    const time = instant(year, rfc850[2], rfc850[1], rfc850[4], rfc850[5], rfc850[6]);
    if (time === undefined ? year <= horizon.getUTCFullYear() : time <= horizon.getTime()) return time;
  }
}

/**
 * Writes milliseconds since the epoch as an IMF-fixdate, the only form that may be sent. Parts
 * of a second are cut off. A time outside the years 0000 to 9999, which four digits cannot
 * say, becomes the nearest that they can.  RFC 9110, 5.6.7
 */
export function formatHttpDate(ms: number): string {
  // Twice as fast as Date.prototype.toUTCString(), which gives the same text.
  const date = new Date(Math.floor(Math.min(Math.max(ms, YEAR_0000), YEAR_9999_END) / 1000) * 1000);
  const day = `${WEEKDAYS[date.getUTCDay()]}, ${TWO_DIGITS[date.getUTCDate()]} ${MONTHS[date.getUTCMonth()]}`;
  const year = String(date.getUTCFullYear()).padStart(4, "0");
  const minutes = `${TWO_DIGITS[date.getUTCHours()]}:${TWO_DIGITS[date.getUTCMinutes()]}`;
  return `${day} ${year} ${minutes}:${TWO_DIGITS[date.getUTCSeconds()]} GMT`;
}

type Digits = string | undefined;

function instant(
  year: number,
  monthName: string | undefined,
  dayOfMonth: Digits,
  hours: Digits,
  minutes: Digits,
  seconds: Digits,
): number | undefined {
  const month = MONTHS.indexOf(monthName ?? "");
  const day = Number(dayOfMonth);
  if (day < 1 || day > daysIn(year, month)) return undefined;
  const leapSecond = seconds === "60";
  if (leapSecond && (hours !== "23" || minutes !== "59")) return undefined;
  const second = leapSecond ? 59 : Number(seconds);
  // Date.UTC takes the years 0 to 99 for 1900 to 1999, so it is asked for the same day one cycle later.
  return Date.UTC(year + 400, month, day, Number(hours), Number(minutes), second) - CYCLE;
}

function daysIn(year: number, month: number): number {
  const leapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 1 && leapYear ? 29 : (DAYS_IN_MONTH[month] ?? 0);
}
