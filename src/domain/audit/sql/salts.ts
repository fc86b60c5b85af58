import { randomBytes } from 'node:crypto';
import type { Query } from './readRows.ts';

const find = `select actor_id, encode(salt, 'hex') as salt from audit_salts where actor_id = any($1::uuid[])`;
const add = `
insert into audit_salts (actor_id, salt)
select actor_id, decode(salt, 'hex') from unnest($1::uuid[], $2::text[]) as t(actor_id, salt)
on conflict (actor_id) do nothing`;

/** Gives the salts of these people; undefined for whom there is none. */
export type FindSalts = (people: ReadonlySet<string>) => Promise<ReadonlyMap<string, Buffer>>;

/** Finds salts, and remembers them for as long as it lives. @param isMaking makes those that are missing. */
export function rememberSalts(query: Query, isMaking: boolean): FindSalts {
  const known = new Map<string, Buffer>();
  return async (people) => {
    const missing = [...people].filter((person) => !known.has(person));
    if (missing.length === 0) return known;
    if (isMaking) await query(add, [missing, missing.map(() => randomBytes(32).toString('hex'))]);
    for (const { actor_id, salt } of await query<{ actor_id: string; salt: string }>(find, [missing]))
      known.set(actor_id, Buffer.from(salt, 'hex'));
    return known;
  };
}
