import type { EntityManager } from '@mikro-orm/postgresql';
import { fail } from '../errors.ts';

interface MutationKey {
  actorId: string;
  mutationId: string;
}

const claim = `
insert into mutations (actor_id, mutation_id, procedure, input_hash) values (?, ?, ?, decode(?, 'hex'))
on conflict (actor_id, mutation_id) do nothing
returning true as claimed`;

const find = `
select procedure, encode(input_hash, 'hex') as input_hash, result from mutations where actor_id = ? and mutation_id = ?`;

/**
 * Takes a client-made mutation id for this transaction. Two at once: the second waits for the first's commit.
 * @returns undefined when the id is new; else what the first call answered (null: it is not kept).
 * @throws MUTATION_ID_REUSED when the first call was another procedure or had another input.
 */
export async function claimMutation(
  em: EntityManager,
  call: MutationKey & { procedure: string; inputHash: Buffer },
): Promise<{ result: string | null } | undefined> {
  const hash = call.inputHash.toString('hex');
  const claimed: unknown[] = await em.execute(claim, [call.actorId, call.mutationId, call.procedure, hash]);
  if (claimed.length > 0) return undefined;
  const rows: { procedure: string; input_hash: string; result: string | null }[] = await em.execute(find, [
    call.actorId,
    call.mutationId,
  ]);
  const first = rows[0];
  if (!first || first.procedure !== call.procedure || first.input_hash !== hash) return fail('MUTATION_ID_REUSED');
  return { result: first.result };
}

/** Keeps what the call answered, for its retries. */
export async function storeMutationResult(em: EntityManager, answer: MutationKey & { result: string }): Promise<void> {
  await em.execute('update mutations set result = ? where actor_id = ? and mutation_id = ?', [
    answer.result,
    answer.actorId,
    answer.mutationId,
  ]);
}
