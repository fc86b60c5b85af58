/** Answers about who may do what; part of the router `policies`. */
import { z } from 'zod';
import { isProcedure } from '../authz/procedures.ts';
import { explainAccess } from '../domain/policies/explainAccess.ts';
import { whatCan } from '../domain/policies/whatCan.ts';
import { whoCan } from '../domain/policies/whoCan.ts';
import { uuid } from '../views/columns.ts';
import { page, readCursor } from '../views/paging.ts';
import { instance, isInProject } from './trpc.ts';

const permission = z
  .string()
  .max(100)
  .refine(isProcedure, 'Give the name of a procedure, as in comments.add: `npm run routes` lists them.');

export const policyAnswers = {
  /**
   * Whether somebody (null: signed out) may call a procedure now, and why: the rules that match, their roles
   * and where these come from, the roles that would allow it. With `apiKeyId`, as that key of theirs. A
   * project counts for procedures that take one; all others are decided by what is held everywhere.
   */
  explain: instance.query(
    'policies.explain',
    {
      actorId: uuid.nullable(),
      projectId: uuid.nullish(),
      permission,
      apiKeyId: uuid.nullish(),
    },
    ({ ctx, input: { actorId, projectId = null, apiKeyId = null, permission: name } }) =>
      explainAccess(ctx, { actorId, projectId, apiKeyId, permission: name, isInProject: isInProject(name) }),
  ),

  /**
   * The active people who may call a procedure, in a project or everywhere, with the roles given to them
   * there, in the order in which they joined. `everyone` says whether one may without such a role.
   */
  whoCan: instance.query(
    'policies.whoCan',
    { ...page, permission, projectId: uuid.nullish() },
    ({ ctx, input: { permission: name, projectId = null, cursor, limit } }) =>
      whoCan(ctx, {
        permission: name,
        projectId: isInProject(name) ? projectId : null,
        after: readCursor(cursor),
        limit,
      }),
  ),

  /** Everything that somebody (null: signed out) may do, everywhere or in a project, and their roles. */
  whatCan: instance.query(
    'policies.whatCan',
    { actorId: uuid.nullable(), projectId: uuid.nullish(), apiKeyId: uuid.nullish() },
    ({ ctx, input: { actorId, projectId = null, apiKeyId = null } }) =>
      whatCan(ctx, { actorId, projectId, apiKeyId }, isInProject),
  ),
};
