/** Answers about who may do what; part of the router `policies`. */
import { z } from 'zod';
import { isProcedure } from '../authz/procedures.ts';
import { hideProject } from '../authz/refuse.ts';
import { maySeeAccess } from '../authz/rules/policy.ts';
import { explainAccess } from '../domain/policies/explainAccess.ts';
import { whatCan } from '../domain/policies/whatCan.ts';
import { whoCan } from '../domain/policies/whoCan.ts';
import { uuid } from '../views/columns.ts';
import { page, readCursor } from '../views/paging.ts';
import type { Call } from './Call.ts';
import { instance, isInProject } from './trpc.ts';

const permission = z
  .string()
  .max(100)
  .refine(isProcedure, 'Give the name of a procedure, as in comments.add: `npm run routes` lists them.');

/** @throws NOT_FOUND when the caller may not know who may do what in the project */
async function refuseUnseen(ctx: Call, projectId: string | null): Promise<void> {
  if (projectId === null) return;
  const there = await ctx.authorizer.access(ctx.origin.tokenHash, projectId);
  if (!maySeeAccess(ctx.access, there)) hideProject(there);
}

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
    async ({ ctx, input: { actorId, projectId = null, apiKeyId = null, permission: name } }) => {
      await refuseUnseen(ctx, projectId);
      const question = { actorId, projectId, apiKeyId, permission: name, isInProject: isInProject(name) };
      return explainAccess(ctx, question);
    },
  ),

  /**
   * The active people who may call a procedure, in a project or everywhere, with the roles given to them
   * there, in the order in which they joined. `everyone` says whether one may without such a role.
   */
  whoCan: instance.query(
    'policies.whoCan',
    { ...page, permission, projectId: uuid.nullish() },
    async ({ ctx, input: { permission: name, projectId = null, cursor, limit } }) => {
      await refuseUnseen(ctx, projectId);
      return whoCan(ctx, {
        permission: name,
        projectId: isInProject(name) ? projectId : null,
        after: readCursor(cursor),
        limit,
      });
    },
  ),

  /** Everything that somebody (null: signed out) may do, everywhere or in a project, and their roles. */
  whatCan: instance.query(
    'policies.whatCan',
    { actorId: uuid.nullable(), projectId: uuid.nullish(), apiKeyId: uuid.nullish() },
    async ({ ctx, input: { actorId, projectId = null, apiKeyId = null } }) => {
      await refuseUnseen(ctx, projectId);
      return whatCan(ctx, { actorId, projectId, apiKeyId }, isInProject);
    },
  ),
};
