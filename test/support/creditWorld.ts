/** What the tests of credits share: a server without workers, and accounts and jobs to try things on. */
import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { systemCause, transact } from '../../src/database/transaction.ts';
import { moveCredits } from '../../src/domain/credits/moveCredits.ts';
import { verifyCredits } from '../../src/domain/credits/verifyCredits.ts';
import { type Person, type TestServer, startServer } from './server.ts';

export interface Account {
  credits: number;
  held: number;
  debt: number;
}

export interface CreditWorld {
  server: TestServer;
  /** In a transaction of its own. */
  act<T>(work: (em: EntityManager) => Promise<T>): Promise<T>;
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  /** A person with so many credits, who owns a project. */
  makeAccount(credits: number): Promise<{ person: Person; projectId: string }>;
  /** A job of the project, in this status. */
  makeJob(projectId: string, status?: string): Promise<string>;
  accountOf(userId: string): Promise<Account>;
  /** Fails where a balance, a hold or a debt is not what its records say. */
  checkRecords(): Promise<void>;
}

export async function makeCreditWorld(settings: Record<string, string> = {}): Promise<CreditWorld> {
  const server = await startServer({ services: new Set(['api', 'realtime']), settings });
  const { orm, reads } = server.tessera.services;
  const act: CreditWorld['act'] = (work) => transact(orm, systemCause, work);
  const query: CreditWorld['query'] = async (text, values = []) =>
    (await reads.query(text, values)).rows as never;
  return {
    server,
    act,
    query,
    async makeAccount(credits) {
      const person = await server.person('Payer');
      const { id: projectId } = await person.client.projects.create.mutate({ name: 'Paid work' });
      if (credits > 0)
        await act((em) =>
          moveCredits(em, {
            userId: person.id,
            delta: credits,
            kind: 'grant',
            reason: 'to begin with',
            key: `grant:${randomUUID()}`,
          }),
        );
      return { person, projectId };
    },
    async makeJob(projectId, status = 'queued') {
      const id = randomUUID();
      await query(
        `insert into jobs (id, job_type, project_id, status) values ($1, 'media.translate', $2, $3)`,
        [id, projectId, status],
      );
      return id;
    },
    async accountOf(userId) {
      const [row] = await query<Account>(
        'select credits::float8 as credits, credits_held::float8 as held, credit_debt::float8 as debt from actors where id = $1',
        [userId],
      );
      return row!;
    },
    async checkRecords() {
      const differences = await verifyCredits(orm);
      if (differences.length > 0) throw new Error(differences.map(({ sentence }) => sentence).join('\n'));
    },
  };
}

/** How many of these succeeded, and the codes of the others. */
export async function countOutcomes(
  calls: readonly Promise<unknown>[],
): Promise<{ done: number; refused: string[] }> {
  const settled = await Promise.allSettled(calls);
  const refused = settled.flatMap((outcome) =>
    outcome.status === 'rejected'
      ? [String((outcome.reason as { errorCode?: string }).errorCode ?? outcome.reason)]
      : [],
  );
  return { done: settled.length - refused.length, refused };
}
