import { v7 as uuidv7 } from 'uuid';
import { transact } from '../database/transaction.ts';
import { changePassword } from '../domain/identity/changePassword.ts';
import { closeSession } from '../domain/identity/closeSession.ts';
import { issueEmailToken } from '../domain/identity/emailTokens.ts';
import { writeResetMail, writeVerificationMail } from '../domain/identity/mails.ts';
import { hashPassword, verifyPassword } from '../domain/identity/passwords.ts';
import { registerPerson } from '../domain/identity/registerPerson.ts';
import { resetPassword } from '../domain/identity/resetPassword.ts';
import { hashToken } from '../domain/identity/secrets.ts';
import { setUp } from '../domain/identity/setUp.ts';
import { signIn } from '../domain/identity/signIn.ts';
import { findOwnCredential } from '../domain/identity/sql/findCredential.ts';
import { peekEmailToken } from '../domain/identity/sql/peekEmailToken.ts';
import { verifyEmail } from '../domain/identity/verifyEmail.ts';
import { Actor } from '../entities/identity/Actor.ts';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { listSessions } from '../views/sql/listSessions.ts';
import { readAccount } from '../views/sql/readAccount.ts';
import { answerSignedIn, deviceOf, welcome } from './answerSignedIn.ts';
import type { Call } from './Call.ts';
import { checkSignIn } from './checkSignIn.ts';
import { displayName, email, givenPassword, linkToken, newPassword, username } from './identityFields.ts';
import { networkOf } from './networkOf.ts';
import { readRights, watchRights } from './ownRights.ts';
import { forgetAttempts, takeAttempt } from './rateLimits.ts';
import { sendLater } from './sendLater.ts';
import { instance, router } from './trpc.ts';
import { writeAs } from './writeAs.ts';

const newAccount = { id: uuid.optional(), name: displayName, username, email, password: newPassword };

/** Mails a reset link if the address has an active account. */
async function mailResetLink(ctx: Call, address: string): Promise<void> {
  const made = await transact(ctx.orm, ctx.cause, async (em) => {
    const actor = await em.findOne(Actor, { email: address });
    if (!actor?.isActive()) return undefined;
    return { name: actor.name, token: issueEmailToken(em, 'reset', { actorId: actor.id, email: address }) };
  });
  if (made) sendLater(ctx, { to: address, ...writeResetMail(ctx.publicUrl, made.name, made.token) });
}

export const auth = router({
  /**
   * Makes an account and signs it in. Of all answers this one alone tells that an address has an account
   * (EMAIL_TAKEN), so it is limited by address. A mail asks to verify the address.
   */
  register: instance.mutation('auth.register', newAccount, async ({ ctx, input }) => {
    await takeAttempt(ctx, 'registerFromNetwork', networkOf(ctx.origin.ipAddress));
    const { password, id = uuidv7(), ...person } = input;
    const passwordHash = await hashPassword(password);
    return welcome(ctx, { ...person, id }, (em) => registerPerson(em, { ...person, id, passwordHash }));
  }),

  /** Opens a session. A wrong password and an unknown address get the same answer in the same time. */
  login: instance.mutation('auth.login', { email, password: givenPassword }, async ({ ctx, input }) => {
    const { credential, renewedHash } = await checkSignIn(ctx, input);
    return answerSignedIn(ctx, credential.actorId, (em) =>
      signIn(em, { credential, renewedHash, device: deviceOf(ctx) }),
    );
  }),

  /** Makes the first administrator, by the link that the server prints while there is none. */
  setup: instance.mutation('auth.setup', { token: linkToken, ...newAccount }, async ({ ctx, input }) => {
    const { token, password, id = uuidv7(), ...person } = input;
    const tokenHash = hashToken(token);
    await peekEmailToken(ctx.reads, 'setup', tokenHash);
    const passwordHash = await hashPassword(password);
    return welcome(ctx, { ...person, id }, (em) => setUp(em, { ...person, id, passwordHash, tokenHash }));
  }),

  /** Ends the session that asks. */
  logout: instance.mutation('auth.logout', {}, async ({ ctx }) => {
    const { id, sessionId } = ctx.actor;
    if (sessionId)
      await ctx.write(
        (em) => closeSession(em, id, sessionId),
        () => null,
      );
    ctx.origin.setSessionCookie?.(null, new Date(0));
    return null;
  }),

  /** The caller's own account. */
  me: instance.query(
    'auth.me',
    {},
    async ({ ctx }) => (await readAccount(ctx.reads, ctx.actor.id)) ?? fail('UNAUTHORIZED'),
  ),

  /**
   * What the caller may do, everywhere or in a project: names of procedures, and the roles that these come
   * from, so that a front end can hide the rest. A project that they may do nothing in is NOT_FOUND.
   */
  permissions: instance.query('auth.permissions', { projectId: uuid.optional() }, async ({ ctx, input }) =>
    readRights(ctx, input.projectId),
  ),

  /**
   * The same live: what the caller may do now, and again whenever that has become something else, by whatever
   * change of the policy, of roles or of a project. It ends when the session does, or the account is suspended.
   * A project that is no longer seen takes its permissions away, and gives them back when it is seen again.
   */
  watch: instance.subscription('auth.watch', { projectId: uuid.optional() }, async ({ ctx, input }) =>
    watchRights(ctx, input.projectId),
  ),

  /** Confirms an address by the link that was mailed there. */
  verifyEmail: instance.mutation('auth.verifyEmail', { token: linkToken }, async ({ ctx, input }) => {
    const tokenHash = hashToken(input.token);
    const { actorId } = await peekEmailToken(ctx.reads, 'verify', tokenHash);
    return writeAs(
      ctx,
      actorId ?? fail('TOKEN_INVALID'),
      (em) => verifyEmail(em, tokenHash),
      () => null,
    );
  }),

  /** Mails another link to verify the caller's address; nothing happens when it is verified. */
  requestVerification: instance.mutation('auth.requestVerification', {}, async ({ ctx }) => {
    const account = (await readAccount(ctx.reads, ctx.actor.id)) ?? fail('UNAUTHORIZED');
    const { id, name, email: address, isVerified } = account;
    if (isVerified || !address) return null;
    await takeAttempt(ctx, 'verificationOfActor', id);
    const token = await transact(ctx.orm, ctx.cause, async (em) =>
      issueEmailToken(em, 'verify', { actorId: id, email: address }),
    );
    sendLater(ctx, { to: address, ...writeVerificationMail(ctx.publicUrl, name, token) });
    return null;
  }),

  /**
   * Mails a link to choose a new password, if the address has an account. The answer is the same if not, and
   * comes as soon: nothing that depends on the account is waited for.
   */
  requestPasswordReset: instance.mutation('auth.requestPasswordReset', { email }, async ({ ctx, input }) => {
    await takeAttempt(ctx, 'resetFromNetwork', networkOf(ctx.origin.ipAddress));
    await takeAttempt(ctx, 'resetOfAccount', input.email);
    mailResetLink(ctx, input.email).catch((error: unknown) =>
      ctx.log.error({ err: error }, 'a reset link could not be made'),
    );
    return null;
  }),

  /** Sets a new password by the link that was mailed, and ends all sessions of the account. */
  resetPassword: instance.mutation(
    'auth.resetPassword',
    { token: linkToken, password: newPassword },
    async ({ ctx, input }) => {
      const tokenHash = hashToken(input.token);
      const { actorId } = await peekEmailToken(ctx.reads, 'reset', tokenHash);
      const passwordHash = await hashPassword(input.password);
      return writeAs(
        ctx,
        actorId ?? fail('TOKEN_INVALID'),
        (em) => resetPassword(em, { tokenHash, passwordHash }),
        () => null,
      );
    },
  ),

  /** Sets a new password for who knows the present one; all sessions but this one end. */
  changePassword: instance.mutation(
    'auth.changePassword',
    { currentPassword: givenPassword, newPassword },
    async ({ ctx, input }) => {
      const { id, sessionId } = ctx.actor;
      await takeAttempt(ctx, 'passwordOfActor', id);
      const credential = (await findOwnCredential(ctx.reads, id)) ?? fail('UNAUTHORIZED');
      if (!(await verifyPassword(credential.passwordHash, input.currentPassword))) fail('WRONG_PASSWORD');
      await forgetAttempts(ctx, 'passwordOfActor', id);
      const passwordHash = await hashPassword(input.newPassword);
      return writeAs(
        ctx,
        id,
        (em) => changePassword(em, { credential, passwordHash, sessionId }),
        () => null,
      );
    },
  ),

  /** The caller's sessions that still work, newest first. */
  sessions: instance.query('auth.sessions', page, async ({ ctx, input }) => {
    const rows = await listSessions(ctx.reads, {
      actorId: ctx.actor.id,
      currentId: ctx.actor.sessionId,
      idleDays: ctx.settings.SESSION_IDLE_DAYS,
      after: readCursor(input.cursor),
      limit: input.limit + 1,
    });
    return toPage(rows, input.limit, (row) => row);
  }),

  /** Ends one of the caller's sessions: its next call is refused, and its open subscriptions end. */
  revokeSession: instance.mutation('auth.revokeSession', { sessionId: uuid }, async ({ ctx, input }) => {
    await ctx.write(
      (em) => closeSession(em, ctx.actor.id, input.sessionId),
      () => null,
    );
    if (input.sessionId === ctx.actor.sessionId) ctx.origin.setSessionCookie?.(null, new Date(0));
    return null;
  }),
});
