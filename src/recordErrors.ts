/** Rows of the table of errors about translations, the registry and institutions: see errors.ts. */
import type { ErrorRow } from './errors.ts';

export const recordErrors = {
  LANGUAGE_TAKEN: {
    trpc: 'CONFLICT',
    message: 'The project is already translated into {language}.',
    remedy: 'Change that target with `targets.update`, or choose another language.',
  },
  TARGET_PAUSED: {
    trpc: 'CONFLICT',
    message: 'The translation into {language} is paused.',
    remedy: 'Let it go on with `targets.resume` first.',
  },
  SECRET_KEY_MISSING: {
    trpc: 'INTERNAL_SERVER_ERROR',
    message: 'A stored secret was encrypted with the key {keyId}, which this server does not have.',
    remedy: 'Add that key to SECRET_KEY, after the one in use; every node needs the same keys.',
  },
  WEBHOOK_INACTIVE: {
    trpc: 'CONFLICT',
    message: 'The webhook is switched off, so nothing is sent to it.',
    remedy: 'Switch it on with `webhooks.update` and `active: true`, then do this again.',
  },
  WEBHOOKS_FULL: {
    trpc: 'CONFLICT',
    message: 'The project has {limit} webhooks already, which is as many as it may have.',
    remedy: 'Delete one that is not needed, or let one receiver pass events on to several.',
  },
  OWNS_PROJECTS_ALONE: {
    trpc: 'CONFLICT',
    message: 'The account is the only owner of {what}.',
    remedy: 'Make somebody else an owner there, or delete these, then delete the account.',
  },
} as const satisfies Record<string, ErrorRow>;
