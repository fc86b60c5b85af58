/** What register, login and setup share: the caller proves who they are, and gets a session for it. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { issueEmailToken } from '../domain/identity/emailTokens.ts';
import { writeVerificationMail } from '../domain/identity/mails.ts';
import { type Device, type OpenedSession, openSession } from '../domain/identity/openSession.ts';
import { viewAccountOf } from '../domain/identity/viewAccountOf.ts';
import type { Actor } from '../entities/identity/Actor.ts';
import type { AccountView } from '../views/identity.ts';
import type { Call } from './Call.ts';
import { sendLater } from './sendLater.ts';
import { writeAs } from './writeAs.ts';

/** The token is shown this once; send it as `Authorization: Bearer <token>`. A browser gets it as a cookie too. */
export interface SignedIn extends OpenedSession {
  actor: AccountView;
}

export function deviceOf({ origin, settings }: Call): Device {
  return { userAgent: origin.userAgent, ipAddress: origin.ipAddress, maxDays: settings.SESSION_MAX_DAYS };
}

/** Commits a verb that signs the actor in, and gives the browser its cookie. */
export async function answerSignedIn(
  ctx: Call,
  actorId: string,
  verb: (em: EntityManager) => Promise<{ actor: Actor; session: OpenedSession }>,
): Promise<SignedIn> {
  const answer = await writeAs(ctx, actorId, verb, async ({ actor, session }, em) => ({
    ...session,
    actor: await viewAccountOf(actor, em),
  }));
  ctx.origin.setSessionCookie?.(answer.token, answer.expiresAt);
  return answer;
}

/** The same for a verb that makes a new account, whose address is then to be verified by mail. */
export async function welcome(
  ctx: Call,
  person: { id: string; name: string; email: string },
  makeAccount: (em: EntityManager) => Promise<Actor>,
): Promise<SignedIn> {
  let token = '';
  const answer = await answerSignedIn(ctx, person.id, async (em) => {
    const actor = await makeAccount(em);
    token = issueEmailToken(em, 'verify', { actorId: actor.id, email: person.email });
    return { actor, session: openSession(em, actor.id, deviceOf(ctx)) };
  });
  sendLater(ctx, { to: person.email, ...writeVerificationMail(ctx.publicUrl, person.name, token) });
  return answer;
}
