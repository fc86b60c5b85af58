/** Documentation in a repository, with threads on its lines, and how far its translations are. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { TesseraClient } from '../../client/src/index.ts';
import { DemoError } from '../DemoError.ts';
import { type Choices, makeMany } from './choices.ts';

const chapters = [
  'install',
  'configure',
  'import',
  'search',
  'discuss',
  'publish',
  'back-up',
  'upgrade',
  'secure',
  'develop',
];
const pages = [
  'overview',
  'first-steps',
  'by-example',
  'settings',
  'errors',
  'limits',
  'questions',
  'history',
  'internals',
  'glossary',
];
const languageCodes = ['de', 'fr', 'es', 'pt-BR', 'ja'];

const textOf = (chapter: string, page: string) =>
  `# ${chapter}: ${page}\n\nHow to ${chapter}, in the order in which one meets it.\n\n` +
  Array.from(
    { length: 12 },
    (_, n) => `${n + 1}. Step ${n + 1} of ${page} tells what to ${chapter} next.\n`,
  ).join('');

/** A repository of a hundred pages, with the same commit each time. */
export async function writeRepository(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  for (const chapter of chapters) {
    for (const page of pages) {
      const path = join(directory, 'docs', chapter, `${page}.md`);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, textOf(chapter, page));
    }
  }
  const date = '2026-01-01T00:00:00Z';
  const env = { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  const git = (...parameters: string[]) =>
    promisify(execFile)(
      'git',
      ['-c', 'user.name=Tessera', '-c', 'user.email=seed@example.org', ...parameters],
      { cwd: directory, env },
    );
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '.');
  await git('commit', '--quiet', '--no-gpg-sign', '--message=Write the documentation');
}

async function sync(client: TesseraClient, projectId: string): Promise<void> {
  const job = await client.repositories.sync.mutate({ projectId });
  const ended = Promise.withResolvers<void>();
  const subscription = client.jobs.watch.subscribe(
    { projectId, jobId: job.id },
    {
      onData(data) {
        if (data.status === 'completed') ended.resolve();
        if (data.status === 'failed' || data.status === 'cancelled')
          ended.reject(new DemoError(`The repository could not be read: ${data.message ?? data.status}.`));
      },
      onError: ended.reject,
    },
  );
  await ended.promise.finally(() => subscription.unsubscribe());
}

/**
 * @param share of the pages that are translated and discussed.
 * @returns how many rows it made.
 */
export async function seedDocs(
  client: TesseraClient,
  projectId: string,
  choices: Choices,
  share: number,
): Promise<number> {
  const at = { projectId };
  await sync(client, projectId);
  const { items: all } = await client.sourceFiles.list.query({ ...at, limit: 200 });
  const files = all.slice(0, Math.ceil(all.length * share));
  const targets = await makeMany(languageCodes.length, (n) =>
    client.targets.create.mutate({ ...at, languageCode: languageCodes[n] ?? '' }),
  );
  const drawn = files.flatMap((file) => targets.map((target) => ({ file, target, fate: choices.below(10) })));
  const begun = drawn.filter(({ fate }) => fate < 8);
  await makeMany(begun.length, (n) => {
    const { file, target, fate } = begun[n] as (typeof begun)[number];
    const outcome =
      fate < 6
        ? {
            status: 'DONE' as const,
            sourceHash: fate === 5 ? createHash('sha256').update('before').digest('hex') : file.contentHash,
          }
        : fate === 6
          ? { status: 'ERROR' as const, errorMessage: 'The engine gave no answer.' }
          : { status: 'IN_PROGRESS' as const };
    return client.fileTranslations.record.mutate({
      ...at,
      sourceFileId: file.id,
      targetId: target.id,
      ...outcome,
    });
  });
  const discussed = files.filter((_, n) => n % 4 === 0);
  await makeMany(
    discussed.length,
    (n) =>
    client.threads.create.mutate({
      ...at, filePath: discussed[n]?.filePath ?? '', lineStart: 5 + (n % 5), lineEnd: 6 + (n % 5), title: 'Clearer words',
      body: 'This step could be shorter, and say first what one gets.',
    }), // prettier-ignore
  );
  return all.length + targets.length + begun.length + discussed.length * 2;
}
