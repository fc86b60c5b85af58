import { randomBytes } from 'node:crypto';
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import type { SecretBox } from '../../drivers/secrets/SecretBox.ts';
import { Webhook } from '../../entities/registry/Webhook.ts';
import { fail } from '../../errors.ts';
import { emit } from '../../events/emit.ts';
import { viewWebhook } from '../../views/registry.ts';
import { checkVersion } from '../checkVersion.ts';
import { pickChanges } from '../pickChanges.ts';

export interface WebhookKey {
  projectId: string;
  webhookId: string;
}

export interface WebhookFields {
  url: string;
  /** Types of events, or `*` alone for all. */
  events: string[];
  active?: boolean | undefined;
  description?: string | undefined;
}

/** A webhook and its new secret, which is shown this once. */
export interface MadeWebhook {
  webhook: Webhook;
  secret: string;
}

/** As Standard Webhooks has it: `whsec_` and 32 random bytes in base64. */
function makeSecret(secrets: SecretBox, webhookId: string): { secret: string; sealedSecret: string } {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  return { secret, sealedSecret: secrets.seal(secret, `webhook:${webhookId}`) };
}

async function findWebhook(em: EntityManager, { projectId, webhookId }: WebhookKey): Promise<Webhook> {
  const webhook = await em.findOne(
    Webhook,
    { id: webhookId, projectId },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  return webhook ?? fail('NOT_FOUND', { thing: 'webhook' });
}

/** Makes a webhook with a secret of its own. */
export async function createWebhook(
  em: EntityManager,
  input: WebhookFields & { id?: string | undefined; projectId: string; createdBy: string },
  secrets: SecretBox,
): Promise<MadeWebhook> {
  const { projectId, url, events, createdBy, id = uuidv7() } = input;
  const { secret, sealedSecret } = makeSecret(secrets, id);
  const webhook = em.create(Webhook, {
    id,
    projectId,
    url,
    events,
    active: input.active ?? true,
    description: input.description ?? '',
    sealedSecret,
    createdBy,
  });
  emit(em, `project:${projectId}`, 'webhook.created', () => viewWebhook(webhook));
  return { webhook, secret };
}

/** Changes what is given; nothing is said when nothing differs. @throws NOT_FOUND, VERSION_CLASH */
export async function updateWebhook(
  em: EntityManager,
  update: WebhookKey & { changes: Partial<WebhookFields>; version?: number | undefined },
): Promise<Webhook> {
  const webhook = await findWebhook(em, update);
  await checkVersion({ thing: 'webhook', sent: update.version, stored: webhook.rowVersion }, () =>
    viewWebhook(webhook),
  );
  const changes = pickChanges(webhook, update.changes);
  if (Object.keys(changes).length === 0) return webhook;
  em.assign(webhook, changes);
  emit(em, `project:${update.projectId}`, 'webhook.updated', () => viewWebhook(webhook));
  return webhook;
}

/** Deletes a webhook for good, with the record of what was sent. @throws NOT_FOUND */
export async function deleteWebhook(em: EntityManager, key: WebhookKey): Promise<Webhook> {
  const webhook = await findWebhook(em, key);
  em.remove(webhook);
  emit(em, `project:${key.projectId}`, 'webhook.deleted', () => viewWebhook(webhook));
  return webhook;
}

/** Replaces the secret; the old one signs nothing more. @throws NOT_FOUND */
export async function rotateSecret(
  em: EntityManager,
  key: WebhookKey,
  secrets: SecretBox,
): Promise<MadeWebhook> {
  const webhook = await findWebhook(em, key);
  const { secret, sealedSecret } = makeSecret(secrets, webhook.id);
  webhook.sealedSecret = sealedSecret;
  emit(em, `project:${key.projectId}`, 'webhook.secretRotated', () => viewWebhook(webhook));
  return { webhook, secret };
}
