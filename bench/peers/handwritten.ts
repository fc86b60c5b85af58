/** The limit for reads: node:http and hand-written statements through pg, after the same read of who calls. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { readAccess } from '../../src/authz/sql/readAccess.ts';
import { hashTokenAsText } from '../../src/domain/identity/secrets.ts';
import { reportPeer } from '../support/peer.ts';

interface Configuration {
  connection: pg.PoolConfig;
  projectId: string;
  /** Name → text. */
  statements: Record<string, string>;
}

const { connection, projectId, statements } = JSON.parse(process.argv[2] ?? '{}') as Configuration;
const pool = new pg.Pool({ ...connection, max: 20 });

async function answer(path: string, token: string): Promise<string> {
  const access = await readAccess(pool, hashTokenAsText(token), projectId, 14);
  if (!access.actor_id || !access.roles.includes('role:owner')) throw new Error('forbidden');
  const url = new URL(path, 'http://localhost');
  const name = url.pathname.slice('/trpc/'.length);
  const { json } = JSON.parse(url.searchParams.get('input') ?? '') as { json: unknown[] };
  const { rows } = await pool.query({ name, text: statements[name] ?? '', values: json });
  return JSON.stringify({ items: rows });
}

const server = createServer((request, response) => {
  answer(request.url ?? '', request.headers.authorization?.slice('Bearer '.length) ?? '').then(
    (text) => response.setHeader('content-type', 'application/json').end(text),
    (error: unknown) => {
      response.statusCode = 500;
      response.end(String(error));
    },
  );
});
server.listen(0, '127.0.0.1', () => reportPeer((server.address() as AddressInfo).port));
