import type { EventType } from '../../../src/events/catalogue.ts';
import { media } from './media.ts';
import { adoption, patterns, trees } from './patterns.ts';
import { discussions, people } from './people.ts';
import type { Area } from './place.ts';
import { imports, registry, repositories, translations } from './records.ts';
import { issues, milestones } from './work.ts';

/** Everything that is watched in a project. */
export const areas: Area[] = [
  people,
  discussions,
  repositories,
  media,
  milestones,
  issues,
  patterns,
  trees,
  adoption,
  imports,
  registry,
  translations,
];

/** Tried by tests of their own, in contract.test.ts and account.test.ts: who may watch them is another matter. */
const apart: EventType[] = [
  'project.created',
  'project.deleted',
  'project.restored',
  'notification.added',
  'notification.read',
  'credits.changed',
  'payment.succeeded',
  'payment.refunded',
];

/** Types of events for which a test shows what they do to what was shown before. */
export const contracted: ReadonlySet<string> = new Set([
  ...apart,
  ...areas.flatMap(({ steps }) => steps.flatMap(({ causes }) => causes)),
]);
