import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';

/** Says who changes the policy in this transaction and why, for the trigger that writes its version. */
export async function nameVersion(
  em: EntityManager,
  version: { actorId: string | null; reason: string },
): Promise<void> {
  await executePrepared(
    em,
    `select set_config('tessera.policy_actor', $1, true), set_config('tessera.policy_reason', $2, true)`,
    [version.actorId ?? '', version.reason],
  );
}
