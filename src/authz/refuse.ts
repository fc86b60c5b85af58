import { TesseraError, fail } from '../errors.ts';
import type { Access } from './Authorizer.ts';

/**
 * Throws what the caller should hear of a call that is denied: UNAUTHORIZED without a valid credential,
 * ACCOUNT_SUSPENDED, NOT_FOUND in a project they cannot see, FORBIDDEN where they can.
 */
export function refuse(access: Access, permission: string): never {
  if (!access.caller) return fail('UNAUTHORIZED');
  if (access.isSuspended) return fail('ACCOUNT_SUSPENDED');
  if (access.projectId !== null && !access.can('projects.get'))
    return fail('NOT_FOUND', { thing: 'project' });
  return fail('FORBIDDEN', { permission });
}

/** A denial that is told as NOT_FOUND: there may be such a thing, but not for this caller. */
export class Hidden extends TesseraError {
  readonly thing: string;
  /** The project that it is about, if it is about one that there is. */
  readonly projectId: string | null;

  constructor(thing: string, projectId: string | null) {
    super('NOT_FOUND', { thing });
    this.thing = thing;
    this.projectId = projectId;
  }
}

/** Answers as if there were no such thing, because the caller may not know of it. @throws NOT_FOUND */
export function hide(thing: string): never {
  throw new Hidden(thing, null);
}

/** Answers as if there were no such project. @param access of the caller in it @throws NOT_FOUND */
export function hideProject(access: Access): never {
  const isThere = access.judge('projects.get').reason !== 'noSuchProject';
  throw new Hidden('project', isThere ? access.projectId : null);
}
