import type { AnyTRPCProcedure } from '@trpc/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { appRouter } from '../../src/routers/_app.ts';
import { describeRoutes } from '../../src/routers/describeRoutes.ts';
import { type OneCall, inBatches } from '../authz/doors.ts';
import { consequential, inputs } from '../authz/matrixInputs.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let admin: Person;

beforeAll(async () => {
  server = await startServer({ services: new Set(['api']) });
  admin = await server.admin();
});
afterAll(() => server.close());

const cursorOf = (milliseconds: string) =>
  Buffer.from(`${milliseconds} 00000000-0000-4000-8000-000000000000`).toString('base64url');
/** What one type of PostgreSQL or another cannot hold, and pages that begin before and after all of its time. */
const hostile = [
  'a\0b',
  '\ud800',
  2 ** 31,
  Number.MAX_SAFE_INTEGER,
  cursorOf('-8640000000000000'),
  { '\0': ['\0'] },
  new Date(-8.64e15),
  new Date(8.64e15),
];
/** Ends a session, hashes a password for long, or is for nobody who is signed in. */
const leftOut = (path: string) => consequential.includes(path) || path.startsWith('auth.');

/** Keys of what a procedure takes, those included that may be left out. */
function keysOf(path: string): string[] {
  const procedures = appRouter._def.procedures as unknown as Record<string, AnyTRPCProcedure>;
  const [schema] = (procedures[path] as unknown as { _def: { inputs: z.ZodPrefault<z.ZodObject>[] } })._def
    .inputs;
  return Object.keys(schema?.unwrap().shape ?? {});
}

test('no procedure fails within for anything that is put in place of a part of its input', async () => {
  const { id: projectId } = await admin.client.projects.create.mutate({ name: 'Hostile' });
  const calls = describeRoutes(appRouter)
    .filter(({ path, type }) => type !== 'subscription' && !leftOut(path))
    .flatMap(({ path, type }): OneCall[] => {
      const input = inputs[path]?.({ projectId }) ?? {};
      return keysOf(path).flatMap((key) =>
        hostile.map((value) => ({ path, type, input: { ...input, [key]: value } })),
      );
    });
  expect(calls.length).toBeGreaterThan(5_000);
  const outcomes = await inBatches(server.url, admin.token, calls);
  const failed = calls.filter((_, place) => outcomes[place]?.code === 'INTERNAL');
  expect(failed).toEqual([]);
});
