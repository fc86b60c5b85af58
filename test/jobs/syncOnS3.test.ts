import { expect, test } from 'vitest';
import { createGitWorld } from '../drivers/makeRepository.ts';
import { startS3 } from '../support/s3Server.ts';
import { startServer } from '../support/server.ts';

test('a repository is synced to a bucket and read from there, and nothing is left in the data directory', async () => {
  await using s3 = await startS3();
  await using git = await createGitWorld();
  await using server = await startServer({
    settings: {
      REPOSITORY_PATHS: git.allowed,
      STORAGE_URL: s3.url,
      S3_ACCESS_KEY_ID: s3.credentials.accessKeyId,
      S3_SECRET_ACCESS_KEY: s3.credentials.secretAccessKey,
    },
  });
  const ada = await server.person('Ada');
  const repositoryUrl = await git.createRepository('on-s3', {
    'README.md': '# Hello\n',
    'src/a.ts': 'one\ntwo\n',
  });
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'On S3', repositoryUrl });
  const over = Promise.withResolvers<string>();
  const { id: jobId } = await ada.client.repositories.sync.mutate({ projectId });
  const watching = ada.client.jobs.watch.subscribe(
    { projectId, jobId },
    {
      onData: ({ status }) => {
        if (status === 'completed' || status === 'failed') over.resolve(status);
      },
      onError: over.reject,
    },
  );
  expect(await over.promise).toBe('completed');
  watching.unsubscribe();
  const file = await ada.client.repositories.file.query({ projectId, path: 'src/a.ts' });
  expect(file.text).toBe('one\ntwo\n');
  const { storage } = server.tessera.services;
  const keys: string[] = [];
  for await (const { key } of storage.list('')) keys.push(key);
  expect(keys.every((key) => key.startsWith('blobs/'))).toBe(true);
  expect(keys).toHaveLength(2);
  const [key = ''] = keys;
  const url = await storage.signGet(key, {
    expiresInSeconds: 60,
    contentType: 'text/plain',
    disposition: 'inline',
  });
  expect(url.startsWith(s3.target.endpoint ?? '?')).toBe(true);
  expect((await fetch(url)).status).toBe(200);
});
