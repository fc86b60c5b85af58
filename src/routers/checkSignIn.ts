import { transact } from '../database/transaction.ts';
import {
  hashPassword,
  needsRehash,
  verifyAgainstNothing,
  verifyPassword,
} from '../domain/identity/passwords.ts';
import { type Credential, findCredential } from '../domain/identity/sql/findCredential.ts';
import { audit } from '../events/audit.ts';
import { fail } from '../errors.ts';
import type { Call } from './Call.ts';
import { networkOf } from './networkOf.ts';
import { forgetAttempts, giveBackAttempt, takeAttempt } from './rateLimits.ts';

/** Recorded for the account that was tried, without anybody waiting: waiting would tell that there is one. */
function recordFailure(ctx: Call, actorId: string): void {
  transact(ctx.orm, ctx.cause, async (em) => {
    audit(em, { action: 'sign_in_failed', entityType: 'actors', entityId: actorId });
  }).catch((error: unknown) => ctx.log.error({ err: error }, 'a failed sign-in could not be recorded'));
}

/**
 * Compares a password at the sign-in. The same is done, in the same time, whether the account exists or not.
 * Attempts under way count as failed until they turn out well.
 * @throws TOO_MANY_REQUESTS, BAD_CREDENTIALS, UNAVAILABLE
 */
export async function checkSignIn(
  ctx: Call,
  { email, password }: { email: string; password: string },
): Promise<{ credential: Credential; renewedHash: string | undefined }> {
  const network = networkOf(ctx.origin.ipAddress);
  await takeAttempt(ctx, 'signInFromNetwork', network);
  await takeAttempt(ctx, 'signInOfAccount', email);
  const credential = await findCredential(ctx.reads, email);
  const isRight = credential
    ? await verifyPassword(credential.passwordHash, password)
    : await verifyAgainstNothing(password);
  if (!credential || !isRight) {
    if (credential) recordFailure(ctx, credential.actorId);
    return fail('BAD_CREDENTIALS');
  }
  await forgetAttempts(ctx, 'signInOfAccount', email);
  await giveBackAttempt(ctx, 'signInFromNetwork', network);
  const renewedHash = needsRehash(credential.passwordHash) ? await hashPassword(password) : undefined;
  return { credential, renewedHash };
}
