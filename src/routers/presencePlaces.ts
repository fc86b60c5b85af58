import { createHash, randomUUID } from 'node:crypto';
import { refuse } from '../authz/refuse.ts';
import type { PlaceKey, Spot } from '../domain/presence/Place.ts';
import { checkFilePath } from '../domain/repositories/checkPath.ts';
import { TesseraError, fail } from '../errors.ts';
import type { Reauthorizer } from '../events/watch.ts';
import { uuid } from '../views/columns.ts';
import { readThread } from '../views/sql/readThread.ts';
import type { Call } from './Call.ts';

/** The places of sockets that say no id, by the signal that says that they are closed. */
const placesOfSockets = new WeakMap<AbortSignal, string>();

function placeOfSocket(closed: AbortSignal): string {
  const known = placesOfSockets.get(closed) ?? randomUUID();
  placesOfSockets.set(closed, known);
  return known;
}

/** The caller's place: what the client calls it, else the socket, else the session or API key. */
export function placeOf(ctx: Call, placeId: string | undefined): PlaceKey {
  const { actor, origin, projectId } = ctx;
  // Not the id of the credential: everybody sees the id of a place.
  const ofCredential = () =>
    createHash('sha256')
      .update(String(actor.sessionId ?? actor.apiKeyId))
      .digest('hex')
      .slice(0, 32);
  return {
    projectId,
    actorId: actor.id,
    placeId: placeId ?? (origin.closed ? placeOfSocket(origin.closed) : ofCredential()),
  };
}

/** @throws NOT_FOUND when the project has no such thread. */
export async function assertThread({ reads, projectId }: Call, threadId: string): Promise<void> {
  if (!(await readThread(reads, { projectId, threadId, callerId: null })))
    fail('NOT_FOUND', { thing: 'thread' });
}

/** Reads `thread:<id>` or `file:<path>`. @throws NOT_FOUND (thread), PATH_REFUSED, BAD_INPUT */
export async function readSpot(ctx: Call, subject: string | null | undefined): Promise<Spot> {
  if (subject === null || subject === undefined) return { filePath: null, threadId: null };
  const [, kind, name = ''] = /^(file|thread):(.*)$/s.exec(subject) ?? [];
  if (kind === 'file') return { filePath: checkFilePath(name), threadId: null };
  const threadId = kind === 'thread' ? uuid.safeParse(name).data : undefined;
  if (threadId === undefined)
    throw new TesseraError('BAD_INPUT', {}, { fields: { subject: 'must be file:<path> or thread:<id>' } });
  await assertThread(ctx, threadId);
  return { filePath: null, threadId };
}

/** Says where the caller is; a socket that the call came over holds the place. @throws TOO_MANY_PLACES */
export async function setPlace(
  ctx: Call,
  key: PlaceKey,
  to: Spot & { state: 'active' | 'idle' },
): Promise<void> {
  const { tokenHash, closed } = ctx.origin;
  const credential = String(tokenHash);
  await ctx.presence.set(key, to, { credential, closed, reauthorizer: ctx.reauthorizer('presence.set') });
}

/**
 * The place that a subscription keeps: none where it has no id, or its owner may watch but not be seen.
 * @throws TOO_MANY_PLACES
 */
export async function followPlace(
  ctx: Call,
  placeId: string | undefined,
): Promise<{ reauthorizer: Reauthorizer; hold: () => () => void }> {
  const { presence } = ctx;
  const reauthorizer = ctx.reauthorizer('presence.watch');
  if (placeId === undefined) return { reauthorizer, hold: () => () => {} };
  if (!ctx.access.can('presence.set')) refuse(ctx.access, 'presence.set');
  const key = placeOf(ctx, placeId);
  await presence.checkRoom(key);
  let isLost = false;
  return {
    reauthorizer: {
      async decide() {
        try {
          const access = await reauthorizer.decide();
          isLost = !access.can('presence.set');
          if (!isLost) return access;
        } catch (error) {
          isLost = error instanceof TesseraError;
          throw error;
        }
        return fail('FORBIDDEN', { permission: 'presence.set' });
      },
    },
    hold: () => {
      const release = presence.hold(key);
      // Who may no longer be here is gone at once.
      return () => release(isLost);
    },
  };
}
