import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from './executePrepared.ts';
import { fail } from '../errors.ts';

interface MutationKey {
  actorId: string;
  mutationId: string;
}

const claim = `
insert into mutations (actor_id, mutation_id, procedure, input_hash) values ($1, $2, $3, $4)
on conflict (actor_id, mutation_id) do nothing
returning true as claimed`;

const find = `
select procedure, encode(input_hash, 'hex') as input_hash, result from mutations where actor_id = $1 and mutation_id = $2`;

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
  const claimed = await executePrepared(em, claim, [
    call.actorId,
    call.mutationId,
    call.procedure,
    call.inputHash,
  ]);
  if (claimed.length > 0) return undefined;
  const rows = await executePrepared<{ procedure: string; input_hash: string; result: string | null }>(
    em,
    find,
    [call.actorId, call.mutationId],
  );
  const first = rows[0];
  if (!first || first.procedure !== call.procedure || first.input_hash !== hash)
    return fail('MUTATION_ID_REUSED');
  return { result: first.result };
}

/** Keeps what the call answered, for its retries. */
export async function storeMutationResult(
  em: EntityManager,
  answer: MutationKey & { result: string },
): Promise<void> {
  await executePrepared(em, 'update mutations set result = $1 where actor_id = $2 and mutation_id = $3', [
    answer.result,
    answer.actorId,
    answer.mutationId,
  ]);
}
