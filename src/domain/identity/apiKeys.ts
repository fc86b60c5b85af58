/** Keys for programs. What is shown once is the key; what is kept is how it begins, and its hash. */
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { ApiKey } from '../../entities/identity/ApiKey.ts';
import { fail } from '../../errors.ts';
import { hashToken, makeApiKey } from './secrets.ts';

export interface NewApiKey {
  id?: string | undefined;
  name: string;
  /** `*`, `object.*` or `object.action`. */
  scopes: string[];
  /** null: every project that the owner may act in. */
  projectIds: string[] | null;
  /** null: it does not expire. */
  expiresAt: Date | null;
}

/** A new key and its record. */
export interface MadeApiKey {
  apiKey: ApiKey;
  /** The key itself. */
  key: string;
}

/** Keys that one actor may have in use. */
const maxLiveKeys = 100;
/** `tsk_` and eight characters: enough to tell one's keys apart, far too few to guess the rest. */
const prefixLength = 12;

/** One owner's keys change one at a time, so that the limit holds. */
async function lockApiKeys(em: EntityManager, actorId: string): Promise<void> {
  await em.execute(`select pg_advisory_xact_lock(hashtextextended(?, 0))`, [`api keys:${actorId}`]);
}

function putApiKey(em: EntityManager, actorId: string, input: NewApiKey): MadeApiKey {
  const key = makeApiKey();
  const apiKey = em.create(ApiKey, {
    ...(input.id ? { id: input.id } : {}),
    userId: actorId,
    name: input.name,
    prefix: key.slice(0, prefixLength),
    keyHash: hashToken(key),
    scopes: input.scopes,
    projectIds: input.projectIds,
    expiresAt: input.expiresAt,
  });
  return { apiKey, key };
}

async function loadOwnKey(em: EntityManager, actorId: string, apiKeyId: string): Promise<ApiKey> {
  const key = await em.findOne(
    ApiKey,
    { id: apiKeyId, userId: actorId },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  return key ?? fail('NOT_FOUND', { thing: 'API key' });
}

/** @throws TOO_MANY_API_KEYS */
export async function createApiKey(
  em: EntityManager,
  actorId: string,
  input: NewApiKey,
): Promise<MadeApiKey> {
  await lockApiKeys(em, actorId);
  const live = await em.count(ApiKey, {
    userId: actorId,
    revokedAt: null,
    $or: [{ expiresAt: null }, { expiresAt: { $gt: new Date() } }],
  });
  if (live >= maxLiveKeys) fail('TOO_MANY_API_KEYS', { limit: maxLiveKeys });
  return putApiKey(em, actorId, input);
}

/** Ends a key of the actor's own; one that was revoked stays as it is. @throws NOT_FOUND */
export async function revokeApiKey(em: EntityManager, actorId: string, apiKeyId: string): Promise<ApiKey> {
  const apiKey = await loadOwnKey(em, actorId, apiKeyId);
  apiKey.revokedAt ??= new Date();
  return apiKey;
}

/**
 * Replaces a key by a new one that may do the same for as long; the old one ends at once.
 * @throws NOT_FOUND; CONFLICT when the key is no longer in use: a rotation must not bring it back.
 */
export async function rotateApiKey(
  em: EntityManager,
  actorId: string,
  input: { id?: string | undefined; apiKeyId: string },
): Promise<MadeApiKey> {
  await lockApiKeys(em, actorId);
  const old = await loadOwnKey(em, actorId, input.apiKeyId);
  const now = new Date();
  if (old.revokedAt) fail('CONFLICT', { reason: 'the API key was revoked' });
  if (old.expiresAt && old.expiresAt <= now) fail('CONFLICT', { reason: 'the API key has expired' });
  old.revokedAt = now;
  return putApiKey(em, actorId, {
    id: input.id,
    name: old.name,
    scopes: old.scopes,
    projectIds: old.projectIds ?? null,
    expiresAt: old.expiresAt ?? null,
  });
}
