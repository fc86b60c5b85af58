import { expect, test } from 'vitest';
import { readFailure } from '../../client/src/index.ts';
import { startServer } from '../support/server.ts';

test('a subscription ends when its session runs out, without anything else happening', async () => {
  await using server = await startServer();
  const ada = await server.person('Ada');
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Timed' });
  await server.tessera.services.reads.query(
    `update sessions set expires_at = now() + interval '5 seconds' where user_id = $1`,
    [ada.id],
  );
  const ended = Promise.withResolvers<unknown>();
  const begun = Promise.withResolvers<void>();
  ada.client.projects.watch.subscribe(
    { projectId },
    {
      onData: () => begun.resolve(),
      onError(error) {
        // Where opening took as long as the session lasts, it has ended without having begun.
        begun.resolve();
        ended.resolve(error);
      },
    },
  );
  await begun.promise;
  expect(readFailure(await ended.promise)?.code).toBe('UNAUTHORIZED');
});
