import { useSyncExternalStore } from 'react';

const locale = navigator.language;
const absolute = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
const exact = new Intl.DateTimeFormat(locale, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'long' });

/** Units with their seconds, and from how many seconds on each is used. */
const units = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

const ofDay = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: 'UTC' });
/** An hour of a day, 0 to 23, in the reader's language: “08:00”. */
export const formatHour = (hour: number): string => ofDay.format(new Date(Date.UTC(2000, 0, 1, hour)));

/** The day of a moment, in the reader's language; undefined without one. */
export const formatDay = (at: Date | null): string | undefined => (at ? day.format(at) : undefined);

/** How long ago, or until, in the reader's language: “3 minutes ago”. */
export function formatRelative(at: Date, now: number): string {
  const seconds = (at.getTime() - now) / 1000;
  const unit = units.find(([, length]) => Math.abs(seconds) >= length);
  // Clocks differ a little: what has just happened is not to come.
  return unit ? relative.format(Math.trunc(seconds / unit[1]), unit[0]) : relative.format(0, 'second');
}

/** Whether a moment is over. */
export const isPast = (at: Date) => at.getTime() <= Date.now();

const tickMs = 20_000;
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for all moments that are shown. */
function watchClock(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, tickMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/**
 * A moment in the reader's language: how long ago, with the whole date on hover and for programs.
 * @param as `date` writes the day instead, `moment` the day and time, `instant` also the milliseconds
 */
export function Time({ at, as = 'relative' }: { at: Date; as?: 'relative' | 'date' | 'moment' | 'instant' }) {
  const current = useSyncExternalStore(watchClock, () => now);
  const whole = absolute.format(at);
  const text = {
    relative: () => formatRelative(at, Math.max(current, now)),
    date: () => day.format(at),
    moment: () => whole,
    instant: () => exact.format(at),
  };
  return (
    <time dateTime={at.toISOString()} title={whole} lang={locale}>
      {text[as]()}
    </time>
  );
}
