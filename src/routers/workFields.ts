/** What may stand in the fields of milestones, tasks and issues. */
import { z } from 'zod';
import { freeText, line } from './freeText.ts';

export const title = line(255);
export const description = freeText(10_000);

/** A moment in a plan. */
export const plannedMoment = z
  .date()
  .min(new Date('1900-01-01T00:00:00Z'), 'must not be before the year 1900')
  .max(new Date('2999-12-31T23:59:59Z'), 'must not be after the year 2999');

/** The version of a row that the editor read; left out, the last write wins. */
export const version = z.number().int().optional();

/** Each once, in the order given. */
export const labels = z
  .array(line(50))
  .max(20, 'must be at most 20 labels')
  .transform((given) => [...new Set(given)]);
