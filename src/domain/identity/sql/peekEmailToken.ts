import type pg from 'pg';
import { fail } from '../../../errors.ts';

const text = `
select actor_id as "actorId" from email_tokens
where token_hash = $1 and kind = $2::email_token_kind and used_at is null and expires_at > now()`;

/**
 * Whose link it is, without using it up: so that nobody makes the server hash passwords with made-up links,
 * and the audit log can name who acts. `useEmailToken` decides.
 * @throws TOKEN_INVALID
 */
export async function peekEmailToken(
  reads: pg.Pool,
  kind: 'verify' | 'reset' | 'setup',
  tokenHash: Buffer,
): Promise<{ actorId: string | null }> {
  const { rows } = await reads.query<{ actorId: string | null }>({
    name: 'peek email token',
    text,
    values: [tokenHash, kind],
  });
  return rows[0] ?? fail('TOKEN_INVALID');
}
