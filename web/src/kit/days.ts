/**
 * Days of a plan. A day is kept as noon UTC: nearly everywhere that is the same day, so what one person plans another
 * reads as the same.
 */

/** What `<input type="date">` shows of a moment: the reader's day, `2026-11-21`; empty without one. */
export function toDay(at: Date | null): string {
  if (!at) return '';
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The moment that stands for a day of `<input type="date">`; null for an empty one. */
export const fromDay = (day: string): Date | null => (day === '' ? null : new Date(`${day}T12:00:00Z`));

/** A day so many days from now. */
export const dayFromNow = (days: number): string => toDay(new Date(Date.now() + days * 86_400_000));
