/**
 * Building blocks of views. A view is plain data: what goes over the wire, from procedures and in events
 * alike. A key that ends in `At` holds a moment, and no other key does: the event log, which keeps JSON,
 * relies on it (see events/reviveMoments.ts).
 */
import { z } from 'zod';

/** In lower case, as PostgreSQL writes it: ids also stand in names of streams, rules and locks, which are text. */
export const uuid = z.uuid().toLowerCase();
export const moment = z.date();
