// Dates as `{{$datetime}}` and `{{$localDatetime}}` write them: moved by an amount, in Day.js' letters.

/** A time, and the minutes that the clock which shows it is before UTC. */
export interface Clock {
  readonly date: Date;
  readonly offset: number;
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
];
const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** The same time as this machine's clock shows it. */
export function localTime(date: Date): Clock {
  return { date, offset: -date.getTimezoneOffset() };
}

/** A date moved by an amount and its unit, such as `-3 h`, `1 M`, `2 y`; the last day of a month is not gone over. */
export function movedDate(date: Date, [amount, unit = ""]: readonly string[]): Date {
  if (amount === undefined) return date;
  const length = MILLISECONDS[unit];
  if (length !== undefined) return new Date(date.getTime() + Number(amount) * length);
  const moved = new Date(date);
  moved.setUTCDate(1);
  moved.setUTCMonth(moved.getUTCMonth() + Number(amount) * (unit === "y" ? 12 : 1));
  const lastDay = new Date(moved);
  lastDay.setUTCMonth(lastDay.getUTCMonth() + 1, 0);
  moved.setUTCDate(Math.min(date.getUTCDate(), lastDay.getUTCDate()));
  return moved;
}

// Letters between brackets stand for themselves.
const PIECE = /\[([^\]]*)\]|YYYY|YY|M{1,4}|DD?|d{1,4}|HH?|hh?|A|a|mm?|ss?|SSS|ZZ?/g;

/** Writes a time as `rfc1123`, as `iso8601`, or in a format of letters between quotes. */
export function formatDate(format: string, clock: Clock): string {
  const { offset } = clock;
  switch (format) {
    case "iso8601":
      return written("YYYY-MM-DDTHH:mm:ss.SSS", clock) + (offset === 0 ? "Z" : zone(offset, ":"));
    case "rfc1123":
      return written("ddd, DD MMM YYYY HH:mm:ss ", clock) + (offset === 0 ? "GMT" : zone(offset, ""));
    default:
      return written(format.slice(1, -1), clock);
  }
}

function written(format: string, clock: Clock): string {
  const shown = new Date(clock.date.getTime() + clock.offset * 60_000);
  return format.replace(PIECE, (letters, literal?: string) => literal ?? piece(letters, shown, clock.offset));
}

function piece(letters: string, shown: Date, offset: number): string {
  const [hour, month, day] = [shown.getUTCHours(), shown.getUTCMonth(), shown.getUTCDay()];
  const padded = (value: number): string => String(value).padStart(letters.length, "0");
  switch (letters) {
    case "YYYY":
      return padded(shown.getUTCFullYear());
    case "YY":
      return padded(shown.getUTCFullYear() % 100);
    case "MMMM":
      return MONTHS[month] ?? "";
    case "MMM":
      return MONTHS[month]?.slice(0, 3) ?? "";
    case "dddd":
      return DAYS[day] ?? "";
    case "ddd":
    case "dd":
      return DAYS[day]?.slice(0, letters.length) ?? "";
    case "d":
      return String(day);
    case "A":
    case "a": {
      const half = hour < 12 ? "AM" : "PM";
      return letters === "A" ? half : half.toLowerCase();
    }
    case "Z":
      return zone(offset, ":");
    case "ZZ":
      return zone(offset, "");
    case "SSS":
      return padded(shown.getUTCMilliseconds());
    default:
      return padded(clockNumber(letters.charAt(0), shown));
  }
}

function clockNumber(letter: string, shown: Date): number {
  switch (letter) {
    case "M":
      return shown.getUTCMonth() + 1;
    case "D":
      return shown.getUTCDate();
    case "H":
      return shown.getUTCHours();
    case "h":
      return shown.getUTCHours() % 12 || 12;
    case "m":
      return shown.getUTCMinutes();
    default:
      return shown.getUTCSeconds();
  }
}

function zone(offset: number, colon: string): string {
  const minutes = Math.abs(offset);
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60].map((part) =>
    String(part).padStart(2, "0"),
  );
  return `${offset < 0 ? "-" : "+"}${hour}${colon}${minute}`;
}
