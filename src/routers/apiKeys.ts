import { z } from 'zod';
import { closedToApiKeys } from '../authz/Authorizer.ts';
import { defaultPermissions } from '../authz/defaultPolicy.ts';
import { createApiKey, revokeApiKey, rotateApiKey, type MadeApiKey } from '../domain/identity/apiKeys.ts';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { type ApiKeyView, viewApiKey } from '../views/identity.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { listApiKeys } from '../views/sql/listApiKeys.ts';
import { displayName } from './identityFields.ts';
import { instance, router } from './trpc.ts';

/** Whether a text is `*`, `object.*` or `object.action` of something that keys may reach at all. */
function isScope(text: string): boolean {
  if (text === '*') return true;
  const [object = '', action = '', ...rest] = text.split('.');
  if (rest.length > 0 || closedToApiKeys.has(object) || !Object.hasOwn(defaultPermissions, object))
    return false;
  return action === '*' || Object.hasOwn(defaultPermissions[object] ?? {}, action);
}

const scope = z.string().max(100).refine(isScope, {
  error:
    'Give *, or a router and a procedure as in comments.add or comments.*; auth and apiKeys are closed to keys.',
});
const scopes = z.array(scope).min(1).max(200);
const projectIds = z.array(uuid).min(1).max(100);
const expiresAt = z.date().refine((moment) => moment > new Date(), 'Give a moment to come.');

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
      projectIds: projectIds.optional(),
      expiresAt: expiresAt.optional(),
    },
    async ({ ctx, input }) => {
      for (const projectId of new Set(input.projectIds)) {
        const access = await ctx.authorizer.access(ctx.origin.tokenHash, projectId);
        if (!access.can('projects.get')) fail('NOT_FOUND', { thing: 'project' });
      }
      const key = {
        id: input.id,
        name: input.name,
        scopes: [...new Set(input.scopes)],
        projectIds: input.projectIds ? [...new Set(input.projectIds)] : null,
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
