import { z } from 'zod';
import type { Access } from '../authz/Authorizer.ts';
import { findUnreachable, mayReadMessage } from '../authz/rules/webhook.ts';
import { createWebhook, deleteWebhook, updateWebhook } from '../domain/webhooks/changeWebhook.ts';
import { checkTarget } from '../domain/webhooks/checkTarget.ts';
import { describeEvents } from '../domain/webhooks/describeEvents.ts';
import { permissionOf, permissionsOf } from '../domain/webhooks/eventTypes.ts';
import type { MadeWebhook } from '../domain/webhooks/makeSecret.ts';
import { pingWebhook } from '../domain/webhooks/pingWebhook.ts';
import { replayDeliveries } from '../domain/webhooks/replayDeliveries.ts';
import { rotateSecret } from '../domain/webhooks/rotateSecret.ts';
import { TesseraError, fail } from '../errors.ts';
import { givenMoment, uuid } from '../views/columns.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { viewWebhook } from '../views/registry.ts';
import { listWebhooks } from '../views/sql/registry/listWebhooks.ts';
import { readWebhook } from '../views/sql/registry/readWebhook.ts';
import { listDeliveries } from '../views/sql/webhooks/listDeliveries.ts';
import { readDelivery } from '../views/sql/webhooks/readDelivery.ts';
import { readHealth } from '../views/sql/webhooks/readHealth.ts';
import { deliveryStatuses } from '../views/webhooks.ts';
import { webhookDescription, webhookEvents, webhookUrl } from './registryFields.ts';
import { instance, project, router } from './trpc.ts';
import { version } from './workFields.ts';

const viewMade = ({ webhook, secret }: MadeWebhook) => ({ webhook: viewWebhook(webhook), secret });

/** @throws FORBIDDEN when the credential may not read all that these patterns hold. */
function checkReach(access: Access, events: readonly string[]): void {
  const permission = findUnreachable(access, permissionsOf(events));
  if (permission) fail('FORBIDDEN', { permission });
}

function chooseReplay(
  deliveryId: string | undefined,
  sinceAt: Date | undefined,
): { deliveryId: string } | { failedSince: Date } {
  if (deliveryId && !sinceAt) return { deliveryId };
  if (sinceAt && !deliveryId) return { failedSince: sinceAt };
  throw new TesseraError('BAD_INPUT', {}, { fields: { deliveryId: 'give either deliveryId or sinceAt' } });
}

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
    ({ ctx, input }) => {
      checkTarget(input.url, ctx.settings);
      checkReach(ctx.access, input.events);
      return ctx.write(
        (em) =>
          createWebhook(em, { ...input, projectId: ctx.projectId, createdBy: ctx.actor.id }, ctx.secrets),
        viewMade,
        { secret: true },
      );
    },
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

  /**
   * Changes what is given; `events` is replaced as a whole. Who changes the address or the events is responsible for it from
   * then on.
   */
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
    ({ ctx, input: { webhookId, version: sent, projectId: _, mutationId: __, ...changes } }) => {
      checkTarget(changes.url, ctx.settings);
      const { projectId, actor, access } = ctx;
      const by = {
        changedBy: actor.id,
        checkReach: (events: readonly string[]) => checkReach(access, events),
      };
      return ctx.write(
        (em) => updateWebhook(em, { projectId, webhookId, changes, version: sent, ...by }),
        viewWebhook,
      );
    },
  ),

  /** Deletes a webhook for good. */
  delete: project.mutation('webhooks.delete', { webhookId: uuid }, ({ ctx, input: { webhookId } }) =>
    ctx.write((em) => deleteWebhook(em, { projectId: ctx.projectId, webhookId }), viewWebhook),
  ),

  /** Replaces the secret; the new one is shown in this answer alone. The old one signs besides for a while. */
  rotateSecret: project.mutation(
    'webhooks.rotateSecret',
    { webhookId: uuid, overlapHours: z.number().int().min(0).max(168).default(24) },
    ({ ctx, input: { webhookId, overlapHours } }) =>
      ctx.write(
        (em) => rotateSecret(em, { projectId: ctx.projectId, webhookId, overlapHours }, ctx.secrets),
        viewMade,
        { secret: true },
      ),
  ),

  /** Sends a test message, once; `webhooks.delivery` tells what was answered. */
  ping: project.mutation('webhooks.ping', { webhookId: uuid }, ({ ctx, input: { webhookId } }) =>
    ctx.write(
      (em) => pingWebhook(em, { projectId: ctx.projectId, webhookId }, ctx.actor.id),
      (deliveryId) => ({ deliveryId }),
    ),
  ),

  /** What was sent to a webhook in the last thirty days, and what waits, newest first. */
  deliveries: project.query(
    'webhooks.deliveries',
    {
      ...page,
      webhookId: uuid,
      status: z.enum(deliveryStatuses).optional(),
      eventType: z.string().optional(),
    },
    async ({ ctx, input: { webhookId, cursor, limit, status, eventType } }) => {
      const { projectId, reads } = ctx;
      if (!(await readWebhook(reads, { projectId, webhookId }))) fail('NOT_FOUND', { thing: 'webhook' });
      const filter = { status, eventType };
      const of = { projectId, webhookId, filter, position: readCursor(cursor), limit: limit + 1 };
      return toPage(await listDeliveries(reads, of), limit, (delivery) => delivery);
    },
  ),

  /** One delivery with its attempts, newest first, and the body as it is sent, for who may read its event. */
  delivery: project.query(
    'webhooks.delivery',
    { webhookId: uuid, deliveryId: uuid },
    async ({ ctx, input: { webhookId, deliveryId } }) => {
      const found = await readDelivery(ctx.reads, { projectId: ctx.projectId, webhookId, deliveryId });
      const { delivery, body, tries } = found ?? fail('NOT_FOUND', { thing: 'delivery' });
      const maySee = mayReadMessage(ctx.access, permissionOf(delivery.eventType));
      return { ...delivery, body: maySee ? body : null, tries };
    },
  ),

  /**
   * Sends one delivery again, or all that failed since a moment: the same body under the same `webhook-id`. Of
   * these ten thousand at a time; `isMore` asks to call once more.
   */
  replay: project.mutation(
    'webhooks.replay',
    { webhookId: uuid, deliveryId: uuid.optional(), sinceAt: givenMoment.optional() },
    ({ ctx, input: { webhookId, deliveryId, sinceAt } }) => {
      const which = chooseReplay(deliveryId, sinceAt);
      return ctx.write(
        (em) => replayDeliveries(em, { projectId: ctx.projectId, webhookId, which }),
        (replayed) => replayed,
      );
    },
  ),

  /** How a webhook fares: since when it fails, how much waits, until when an old secret signs. */
  health: project.query(
    'webhooks.health',
    { webhookId: uuid },
    async ({ ctx, input: { webhookId } }) =>
      (await readHealth(ctx.reads, { projectId: ctx.projectId, webhookId })) ??
      fail('NOT_FOUND', { thing: 'webhook' }),
  ),

  /** The types of events that webhooks can be told of, each with its version, and on request with its JSON Schema. */
  events: instance.query(
    'webhooks.events',
    { pattern: z.string().max(100).default('*'), withSchemas: z.boolean().default(false) },
    ({ input: { pattern, withSchemas } }) => describeEvents(pattern, withSchemas),
  ),
});
