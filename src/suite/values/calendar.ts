// Days, weeks and years of the Gregorian calendar, in UTC. Dates are milliseconds since 1970-01-01T00:00:00Z.

const DAY = 86_400_000;

/** Midnight of a day; a day or month too many goes on into the next one, as with Date. */
export function dayAt(year: number, month: number, day: number): number {
  // Not Date.UTC(), which takes the years 0 to 99 for those of the 20th century.
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

/** From 1. */
export function dayOfYear(time: number): number {
  return Math.floor((time - dayAt(new Date(time).getUTCFullYear(), 1, 1)) / DAY) + 1;
}

/** The week of the year whose first one begins with the year's first `firstDay` (0: Sunday); 0 before that. */
export function weekOfYear(time: number, firstDay: 0 | 1): number {
  return Math.floor((dayOfYear(time) + 6 - daysSince(firstDay, new Date(time).getUTCDay())) / 7);
}

/** The year and week of ISO 8601: weeks begin on Monday and belong to the year that their Thursday is in. */
export function isoWeek(time: number): { readonly year: number; readonly week: number } {
  const thursday = time + (3 - daysSince(1, new Date(time).getUTCDay())) * DAY;
  return { year: new Date(thursday).getUTCFullYear(), week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 };
}

/** The day that is a weekday (0: Sunday) of a week as weekOfYear() counts them. */
export function dayOfWeek(year: number, week: number, weekday: number, firstDay: 0 | 1): number {
  const newYear = dayAt(year, 1, 1);
  const beforeFirst = (7 - daysSince(firstDay, new Date(newYear).getUTCDay())) % 7;
  return newYear + (beforeFirst + (week - 1) * 7 + daysSince(firstDay, weekday)) * DAY;
}

/** The day that is a weekday (0: Sunday) of a week of ISO 8601. */
export function dayOfIsoWeek(year: number, week: number, weekday: number): number {
  // 4 January is always in week 1.
  const fourth = dayAt(year, 1, 4);
  const days = (week - 1) * 7 + daysSince(1, weekday) - daysSince(1, new Date(fourth).getUTCDay());
  return fourth + days * DAY;
}

function daysSince(firstDay: 0 | 1, weekday: number): number {
  return (weekday + 7 - firstDay) % 7;
}
