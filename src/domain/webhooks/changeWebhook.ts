import { type EntityManager, raw } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import type { SecretBox } from '../../drivers/secrets/SecretBox.ts';
import { Webhook } from '../../entities/registry/Webhook.ts';
import { fail } from '../../errors.ts';
import { emit } from '../../events/emit.ts';
import { viewWebhook } from '../../views/registry.ts';
import { checkVersion } from '../checkVersion.ts';
import { pickChanges } from '../pickChanges.ts';
import { type WebhookKey, findWebhook } from './findWebhook.ts';
import { type MadeWebhook, makeSecret } from './makeSecret.ts';
import { failPending } from './sql/failPending.ts';

export interface WebhookFields {
  url: string;
  /** Types of events; `issue.*` stands for all of a noun, `*` alone for all there are. */
  events: string[];
  active?: boolean | undefined;
  description?: string | undefined;
}

/** Each event is written for each of them, so there is an end. */
const mostWebhooks = 50;

/** Makes a webhook with a secret of its own. @throws WEBHOOKS_FULL */
export async function createWebhook(
  em: EntityManager,
  input: WebhookFields & { id?: string | undefined; projectId: string; createdBy: string },
  secrets: SecretBox,
): Promise<MadeWebhook> {
  const { projectId, url, events, createdBy, id = uuidv7() } = input;
  // Who makes one at the same time waits here, and then counts this one too.
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`webhooks:${projectId}`], 'run');
  const total = await em.count(Webhook, { projectId });
  if (total >= mostWebhooks) fail('WEBHOOKS_FULL', { limit: mostWebhooks });
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
    responsibleId: createdBy,
  });
  emit(em, `project:${projectId}`, 'webhook.created', () => viewWebhook(webhook));
  return { webhook, secret };
}

/**
 * Changes what is given; nothing is said when nothing differs. Who says where it goes or what it wants is
 * responsible for it from then on. Switched off, it is told nothing more, and what waits for it is not sent;
 * switched on, its past failures are forgotten. @throws NOT_FOUND, VERSION_CLASH, what `checkReach` throws
 */
export async function updateWebhook(
  em: EntityManager,
  update: WebhookKey & {
    changes: Partial<WebhookFields>;
    changedBy: string;
    version?: number | undefined;
    /** Throws when who changes it may not have these events sent. */
    checkReach: (events: readonly string[]) => void;
  },
): Promise<Webhook> {
  const webhook = await findWebhook(em, update);
  await checkVersion({ thing: 'webhook', sent: update.version, stored: webhook.rowVersion }, () =>
    viewWebhook(webhook),
  );
  const changes = pickChanges(webhook, update.changes);
  if (Object.keys(changes).length === 0) return webhook;
  em.assign(webhook, changes);
  if (changes.url ?? changes.events ?? changes.active) {
    update.checkReach(webhook.events);
    webhook.responsibleId = update.changedBy;
  }
  if (changes.active) revive(webhook);
  if (changes.active === false) await failPending(em, webhook.id);
  emit(em, `project:${update.projectId}`, 'webhook.updated', () => viewWebhook(webhook));
  return webhook;
}

/** What is over and done with when somebody switches it on again. */
function revive(webhook: Webhook): void {
  Object.assign(webhook, { disabledReason: null, failingSince: null, heldUntil: null });
  webhook.activeSince = raw('now()');
}

/** Deletes a webhook for good, with the record of what was sent. @throws NOT_FOUND */
export async function deleteWebhook(em: EntityManager, key: WebhookKey): Promise<Webhook> {
  const webhook = await findWebhook(em, key);
  em.remove(webhook);
  emit(em, `project:${key.projectId}`, 'webhook.deleted', () => viewWebhook(webhook));
  return webhook;
}
