/** Rows of the table of errors about milestones, tasks and issues: see errors.ts. */
import type { ErrorRow } from './errors.ts';

export const workErrors = {
  STATUS_NOT_ALLOWED: {
    trpc: 'CONFLICT',
    message: 'A {thing} cannot go from {from} to {to}.',
    remedy: 'From {from} it can go to: {allowed}.',
  },
  DEPENDENCY_CYCLE: {
    trpc: 'CONFLICT',
    message: 'The tasks would wait for each other in a circle: {cycle}.',
    remedy: 'Remove one of these dependencies with `tasks.removeDependency` first.',
  },
  ASSIGNEE_CANNOT_SEE: {
    trpc: 'BAD_REQUEST',
    message: 'The person who should be the assignee is unknown, or cannot see this.',
    remedy: 'Add them to the project with `members.add` first, or choose someone who can see it.',
  },
} as const satisfies Record<string, ErrorRow>;
