/**
 * Building blocks of views. A view is plain data: what goes over the wire, from procedures and in events
 * alike. A key that ends in `At` holds a moment, and no other key does: the event log, which keeps JSON,
 * relies on it (see events/reviveMoments.ts).
 */
import { z } from 'zod';

/** In lower case, as PostgreSQL writes it: ids also stand in names of streams, rules and locks, which are text. */
export const uuid = z.uuid().toLowerCase();
export const moment = z.date();
/** A moment that a caller names. PostgreSQL holds none as early, nor reads one as late, as JavaScript has. */
export const givenMoment = moment
  .min(new Date('0001-01-01T00:00:00Z'), 'must not be before the year 1')
  .max(new Date('9999-12-31T23:59:59Z'), 'must not be after the year 9999');
