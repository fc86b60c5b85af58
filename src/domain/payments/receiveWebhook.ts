import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { executePrepared } from '../../database/executePrepared.ts';
import { fail } from '../../errors.ts';
import { wakeRecurring } from '../../jobs/sql/queue.ts';

/** The recurring work that empties the inbox. */
export const inboxWork = 'payments.process';

const message = z.looseObject({ type: z.string().min(1).max(100), data: z.looseObject({}) });

const insert = `
insert into webhook_inbox (id, provider, webhook_id, event_type, payload) values ($1, $2, $3, $4, $5::jsonb)
on conflict (provider, webhook_id) do nothing
returning true`;

const isSame = `
select payload = $3::jsonb as same from webhook_inbox where provider = $1 and webhook_id = $2`;

/**
 * Takes in a message whose signature was found genuine; what it says is done by a job, at once. A message that
 * comes again changes nothing.
 * @returns whether it is new.
 * @throws WEBHOOK_UNREADABLE; WEBHOOK_ID_REUSED when its id came with another body.
 */
export async function receiveWebhook(
  em: EntityManager,
  { provider, webhookId, body }: { provider: string; webhookId: string; body: string },
): Promise<boolean> {
  const read = readMessage(body);
  if (!read || webhookId.length > 255) return fail('WEBHOOK_UNREADABLE');
  const payload = JSON.stringify(read);
  const made = await executePrepared(em, insert, [uuidv7(), provider, webhookId, read.type, payload]);
  if (made.length > 0) {
    await wakeRecurring(em, inboxWork);
    return true;
  }
  const [known] = await executePrepared<{ same: boolean }>(em, isSame, [provider, webhookId, payload]);
  return known?.same ? false : fail('WEBHOOK_ID_REUSED');
}

/** What PostgreSQL cannot keep as JSON is none that a provider sends. */
function readMessage(body: string): z.infer<typeof message> | undefined {
  if (/\\u0000/.test(body) || !body.isWellFormed()) return undefined;
  try {
    return message.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
