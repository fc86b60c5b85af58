import { expect, test } from 'vitest';
import { readFailure } from '../../client/src/index.ts';
import { startServer } from '../support/server.ts';

test('a subscription ends when its session runs out, without anything else happening', async () => {
  await using server = await startServer();
  const ada = await server.person('Ada');
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Timed' });
  await server.tessera.services.reads.query(
    `update sessions set expires_at = now() + interval '1500 milliseconds' where user_id = $1`,
    [ada.id],
  );
  const ended = Promise.withResolvers<unknown>();
  const begun = Promise.withResolvers<void>();
  ada.client.projects.watch.subscribe(
    { projectId },
    { onData: () => begun.resolve(), onError: ended.resolve },
  );
  await begun.promise;
  expect(readFailure(await ended.promise)?.code).toBe('UNAUTHORIZED');
});
