import type pg from 'pg';
import { Authorizer } from '../../src/authz/Authorizer.ts';
import { TesseraError } from '../../src/errors.ts';
import { type Memberships, fillMemberships } from './fillMemberships.ts';
import { type Sample, allowed, denied, sampleRequests } from './sampleRequests.ts';

/** A database with so many memberships, and who decides on it. */
export interface Place {
  name: string;
  world: Memberships;
  pool: pg.Pool;
  authorizer: Authorizer;
  samples: Sample[];
}

export async function makePlace(name: string, pool: pg.Pool, count: number): Promise<Place> {
  const world = await fillMemberships(pool, count);
  const authorizer = new Authorizer(pool, { sessionIdleDays: 14 });
  return { name, world, pool, authorizer, samples: sampleRequests(world, 1_000) };
}

/** Milliseconds of every decision, as a call makes it: one after the other, each with its read of the database. */
export interface DecisionTimes {
  allow: number[];
  deny: number[];
}

/** Decides every sample twice: once what is allowed, once what is not. */
export async function measureDecisions({ pool, authorizer, samples }: Place): Promise<DecisionTimes> {
  // The use of a session is noted once a minute, beside its call: here as in the calls between.
  await pool.query(
    'update sessions set last_seen = now() where token_hash = any($1) and last_seen < now() - interval $$20 seconds$$',
    [samples.map(({ tokenHash }) => Buffer.from(tokenHash, 'base64'))],
  );
  const times: DecisionTimes = { allow: [], deny: [] };
  for (const { tokenHash, project } of samples) {
    let began = performance.now();
    await authorizer.authorize(tokenHash, allowed.join('.'), project);
    times.allow.push(performance.now() - began);
    began = performance.now();
    const refusal: unknown = await authorizer
      .authorize(tokenHash, denied.join('.'), project)
      .catch((error: unknown) => error);
    times.deny.push(performance.now() - began);
    if (!(refusal instanceof TesseraError) || refusal.errorCode !== 'FORBIDDEN')
      throw new Error(`This was to be forbidden: ${String(refusal)}`);
  }
  return times;
}
