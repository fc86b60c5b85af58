import { z } from 'zod';
import { isKeyScope } from '../authz/procedures.ts';
import { hide } from '../authz/refuse.ts';
import { createApiKey, revokeApiKey, rotateApiKey, type MadeApiKey } from '../domain/identity/apiKeys.ts';
import { givenMoment, uuid } from '../views/columns.ts';
import { type ApiKeyView, viewApiKey } from '../views/identity.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { listApiKeys } from '../views/sql/listApiKeys.ts';
import { selectProjects } from '../views/sql/selectProjects.ts';
import { displayName } from './identityFields.ts';
import { instance, router } from './trpc.ts';

const scope = z.string().max(100).refine(isKeyScope, {
  error:
    'Give *, or a router and a procedure as in comments.add or comments.*; auth, apiKeys, policies and roles are closed to keys.',
});
const scopes = z.array(scope).min(1).max(200);
const someProjects = z.array(uuid).min(1).max(100);
const expiresAt = givenMoment.refine((moment) => moment > new Date(), 'Give a moment to come.');

/** `key` is shown this once. */
const viewMade = ({ apiKey, key }: MadeApiKey): { key: string; apiKey: ApiKeyView } => ({
  key,
  apiKey: viewApiKey(apiKey),
});

export const apiKeys = router({
  /**
   * Makes a key for programs. It acts as its owner, within `scopes` and, when given, `projectIds`, and never
   * beyond what the owner may do at the time of the call.
   */
  create: instance.mutation(
    'apiKeys.create',
    {
      id: uuid.optional(),
      name: displayName,
      scopes,
      projectIds: someProjects.optional(),
      expiresAt: expiresAt.optional(),
    },
    async ({ ctx, input }) => {
      const projectIds = input.projectIds ? [...new Set(input.projectIds)] : null;
      const visible = await selectProjects(
        ctx.reads,
        ctx.access.projectsWhere('projects.get'),
        projectIds ?? [],
      );
      if (visible.length < (projectIds?.length ?? 0)) hide('project');
      const key = {
        id: input.id,
        name: input.name,
        scopes: [...new Set(input.scopes)],
        projectIds,
        expiresAt: input.expiresAt ?? null,
      };
      return ctx.write((em) => createApiKey(em, ctx.actor.id, key), viewMade, { secret: true });
    },
  ),

  /** The caller's keys, revoked ones too, newest first. */
  list: instance.query('apiKeys.list', page, async ({ ctx, input }) => {
    const rows = await listApiKeys(ctx.reads, ctx.actor.id, readCursor(input.cursor), input.limit + 1);
    return toPage(rows, input.limit, (row) => row);
  }),

  /** Ends a key: its next call is refused, and its open subscriptions end. */
  revoke: instance.mutation('apiKeys.revoke', { apiKeyId: uuid }, ({ ctx, input }) =>
    ctx.write((em) => revokeApiKey(em, ctx.actor.id, input.apiKeyId), viewApiKey),
  ),

  /** Replaces a key by a new one with the same scopes, projects and expiry; the old one ends at once. */
  rotate: instance.mutation('apiKeys.rotate', { id: uuid.optional(), apiKeyId: uuid }, ({ ctx, input }) =>
    ctx.write((em) => rotateApiKey(em, ctx.actor.id, input), viewMade, { secret: true }),
  ),
});
