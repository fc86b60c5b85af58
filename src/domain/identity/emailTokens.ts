/** Links that work once. What is mailed is the token; what is kept is its hash. */
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { EmailToken } from '../../entities/identity/EmailToken.ts';
import { fail } from '../../errors.ts';
import { hashToken, makeMailToken } from './secrets.ts';

export type EmailTokenKind = EmailToken['kind'];

const hour = 3_600_000;
/** How long a link works, in ms. A reset gives the account away, so it lives shortest. */
const lifetimes: Record<EmailTokenKind, number> = { verify: 48 * hour, reset: hour, setup: 24 * hour };

/** Makes a link for an actor's address; for `setup`, which makes the first actor, for nobody. */
export function issueEmailToken(
  em: EntityManager,
  kind: EmailTokenKind,
  holder: { actorId: string; email: string } | null,
): string {
  const token = makeMailToken();
  em.create(EmailToken, {
    kind,
    actorId: holder?.actorId ?? null,
    email: holder?.email ?? null,
    tokenHash: hashToken(token),
    expiresAt: new Date(Date.now() + lifetimes[kind]),
  });
  return token;
}

/** Uses a link up; of any number of simultaneous uses one succeeds. @throws TOKEN_INVALID */
export async function useEmailToken(
  em: EntityManager,
  kind: EmailTokenKind,
  tokenHash: Buffer,
): Promise<EmailToken> {
  const token = await em.findOne(EmailToken, { tokenHash, kind }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const now = new Date();
  if (!token?.isUsable(now)) return fail('TOKEN_INVALID');
  token.usedAt = now;
  return token;
}
