import { z } from 'zod';
import {
  type MadeWebhook,
  createWebhook,
  deleteWebhook,
  rotateSecret,
  updateWebhook,
} from '../domain/registry/changeWebhook.ts';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { viewWebhook } from '../views/registry.ts';
import { listWebhooks } from '../views/sql/registry/listWebhooks.ts';
import { readWebhook } from '../views/sql/registry/readWebhook.ts';
import { webhookDescription, webhookEvents, webhookUrl } from './registryFields.ts';
import { project, router } from './trpc.ts';
import { version } from './workFields.ts';

const viewMade = ({ webhook, secret }: MadeWebhook) => ({ webhook: viewWebhook(webhook), secret });

export const webhooks = router({
  /** Makes a webhook. Its secret, with which receivers check what they get, is shown in this answer alone. */
  create: project.mutation(
    'webhooks.create',
    {
      id: uuid.optional(),
      url: webhookUrl,
      events: webhookEvents,
      active: z.boolean().optional(),
      description: webhookDescription.optional(),
    },
    ({ ctx, input }) =>
      ctx.write(
        (em) =>
          createWebhook(em, { ...input, projectId: ctx.projectId, createdBy: ctx.actor.id }, ctx.secrets),
        viewMade,
        { secret: true },
      ),
  ),

  /** One webhook, without its secret. */
  get: project.query(
    'webhooks.get',
    { webhookId: uuid },
    async ({ ctx, input: { webhookId } }) =>
      (await readWebhook(ctx.reads, { projectId: ctx.projectId, webhookId })) ??
      fail('NOT_FOUND', { thing: 'webhook' }),
  ),

  /** The project's webhooks, newest first. */
  list: project.query(
    'webhooks.list',
    { ...page, active: z.boolean().optional() },
    async ({ ctx, input: { cursor, limit, active } }) => {
      const position = readCursor(cursor);
      const of = { projectId: ctx.projectId, filter: { active }, position, limit: limit + 1 };
      return toPage(await listWebhooks(ctx.reads, of), limit, (webhook) => webhook);
    },
  ),

  /** Changes what is given; `events` is replaced as a whole. */
  update: project.mutation(
    'webhooks.update',
    {
      webhookId: uuid,
      url: webhookUrl.optional(),
      events: webhookEvents.optional(),
      active: z.boolean().optional(),
      description: webhookDescription.optional(),
      version,
    },
    ({ ctx, input: { webhookId, version: sent, projectId: _, mutationId: __, ...changes } }) =>
      ctx.write(
        (em) => updateWebhook(em, { projectId: ctx.projectId, webhookId, changes, version: sent }),
        viewWebhook,
      ),
  ),

  /** Deletes a webhook for good. */
  delete: project.mutation('webhooks.delete', { webhookId: uuid }, ({ ctx, input: { webhookId } }) =>
    ctx.write((em) => deleteWebhook(em, { projectId: ctx.projectId, webhookId }), viewWebhook),
  ),

  /** Replaces the secret; the new one is shown in this answer alone. */
  rotateSecret: project.mutation(
    'webhooks.rotateSecret',
    { webhookId: uuid },
    ({ ctx, input: { webhookId } }) =>
      ctx.write((em) => rotateSecret(em, { projectId: ctx.projectId, webhookId }, ctx.secrets), viewMade, {
        secret: true,
      }),
  ),
});
