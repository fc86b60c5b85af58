import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { JobDefinition } from '../../src/jobs/defineJob.ts';
import { appRouter } from '../../src/routers/_app.ts';
import { settingTable } from '../../src/settings.ts';
import { openWorkplace } from '../jobs/openWorkplace.ts';

const page = await readFile('docs/jobs.md', 'utf8');
const named = (pattern: RegExp) => new Set([...page.matchAll(pattern)].map(([, name = '']) => name));

test('docs/jobs.md names every procedure and limit of jobs, and only those that there are', () => {
  const procedures = Object.keys(appRouter._def.procedures).filter((name) => name.startsWith('jobs.'));
  const told = named(/`(jobs\.[a-z][A-Za-z]*)`/g);
  expect([...told].filter((name) => !procedures.includes(name))).toEqual([]);
  expect(procedures.filter((name) => !told.has(name) && name !== 'jobs.cancel')).toEqual([]);
  for (const name of named(/`((?:JOBS?|WORKER)_(?!SEGMENTS|PARAMS|ALREADY|ABANDONED)[A-Z_]+)`/g))
    expect(Object.keys(settingTable)).toContain(name);
});

test('the handler of docs/jobs.md is twenty lines and does what it says', async () => {
  const example = /```ts\n(import \{ z \}[^`]*(?:`[^`]*`[^`]*)*?)```/.exec(page)?.[1] ?? '';
  expect(example.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(20);
  const folder = await mkdtemp(join(import.meta.dirname, 'example-'));
  try {
    const file = join(folder, 'texts.count.ts');
    await writeFile(file, example.replace('./defineJob.ts', '../../../src/jobs/defineJob.ts'));
    const { countWords } = (await import(pathToFileURL(file).href)) as { countWords: JobDefinition };
    await using place = await openWorkplace();
    await place.work([countWords]);
    const job = await place.enqueue(await place.newProject(), countWords.type, { texts: ['a b', 'c', ''] });
    expect(await place.over(job.id)).toMatchObject({ status: 'completed', progress: 100 });
    const { rows } = await place.database.reads.query(
      'select label, result from job_segments order by segment_index',
    );
    expect(rows).toEqual([
      { label: 'text 1', result: { words: 2 } },
      { label: 'text 2', result: { words: 1 } },
      { label: 'text 3', result: { words: 0 } },
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
