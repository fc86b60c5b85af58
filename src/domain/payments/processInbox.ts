import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import { systemCause, transact } from '../../database/transaction.ts';
import { readPaymentEvent } from '../../drivers/payments/readPaymentEvent.ts';
import { applyPayment } from './applyPayment.ts';

interface Entry {
  id: string;
  provider: string;
  payload: { type: string; data: unknown };
}

/** A message that could not be dealt with is tried again, after 1, 3, 7 … minutes from its arrival: twelve times, over almost three days. */
const claim = `
select id, provider, payload from webhook_inbox
where processed_at is null and attempts < 12 and created_at + make_interval(mins => (2 ^ attempts)::int - 1) <= now()
order by created_at, id limit 1
for update skip locked`;

const longestError = 2_000;

async function finish(em: EntityManager, id: string, remark: string | null): Promise<void> {
  await executePrepared(
    em,
    'update webhook_inbox set processed_at = now(), error_message = $2 where id = $1',
    [id, remark],
  );
}

async function fails(orm: MikroORM, id: string, error: unknown): Promise<void> {
  const text = String(error instanceof Error ? error.message : error).slice(0, longestError);
  await transact(orm, systemCause, (em) =>
    executePrepared(
      em,
      'update webhook_inbox set attempts = attempts + 1, error_message = $2 where id = $1 and processed_at is null',
      [id, text],
    ),
  );
}

/** Deals with one message. @returns false when none waits. */
async function processNext(orm: MikroORM): Promise<boolean> {
  let claimed: Entry | undefined;
  try {
    await transact(orm, systemCause, async (em) => {
      [claimed] = await executePrepared<Entry>(em, claim, []);
      if (!claimed) return;
      const { id, provider, payload } = claimed;
      await finish(em, id, await applyPayment(em, provider, readPaymentEvent(payload), payload.data));
    });
  } catch (error) {
    if (!claimed) throw error;
    await fails(orm, claimed.id, error);
  }
  return claimed !== undefined;
}

/** Deals with the messages that wait, oldest first. Several workers may do so at once. */
export async function processInbox(orm: MikroORM): Promise<void> {
  while (await processNext(orm));
}

/** Forgets messages that were dealt with so long ago that nobody can send them again. */
export async function forgetMessages(orm: MikroORM, days: number): Promise<void> {
  await transact(orm, systemCause, (em) =>
    executePrepared(em, 'delete from webhook_inbox where processed_at < now() - make_interval(days => $1)', [
      days,
    ]),
  );
}
