import type pg from 'pg';

/** What a password is compared with. */
export interface Credential {
  actorId: string;
  passwordHash: string;
}

const columns = `select id as "actorId", password_hash as "passwordHash" from actors`;
const active = `actor_type = 'person' and deleted_at is null and password_hash is not null`;

/** The account of an e-mail address (lower case). Outside any transaction, which would be held for as long as argon2 takes. */
export async function findCredential(reads: pg.Pool, email: string): Promise<Credential | undefined> {
  const text = `${columns} where email = $1 and ${active}`;
  const { rows } = await reads.query<Credential>({ name: 'find credential', text, values: [email] });
  return rows[0];
}

/** The same by the account's id. */
export async function findOwnCredential(reads: pg.Pool, actorId: string): Promise<Credential | undefined> {
  const text = `${columns} where id = $1 and ${active}`;
  const { rows } = await reads.query<Credential>({ name: 'find own credential', text, values: [actorId] });
  return rows[0];
}
