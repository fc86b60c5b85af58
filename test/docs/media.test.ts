import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { contentTypes } from '../../src/domain/media/formats.ts';
import { catalogue } from '../../src/events/catalogue.ts';
import { appRouter } from '../../src/routers/_app.ts';
import { settingTable } from '../../src/settings.ts';
import { makeMediaWorld, sha256 } from '../media/mediaWorld.ts';

const page = readFileSync('docs/media.md', 'utf8');
const named = (pattern: RegExp) =>
  [...new Set([...page.matchAll(pattern)].map(([, name = '']) => name))].toSorted();

test('docs/media.md names every procedure, event, setting and format of media, and only those that there are', () => {
  const procedures = Object.keys(appRouter._def.procedures).filter((name) => name.startsWith('media.'));
  const events = Object.keys(catalogue).filter((name) => name.startsWith('media.'));
  const jobs = ['media.probe'];
  expect(named(/\b(media\.(?!md|id)[a-z][A-Za-z]*)\b/g)).toEqual(
    [...procedures, ...events, ...jobs].toSorted(),
  );
  const settings = Object.keys(settingTable).filter((name) => name.startsWith('MEDIA_'));
  expect(named(/^\|.*`(MEDIA_[A-Z_]+)`/gm).length).toBeGreaterThan(3);
  expect(settings.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  expect(named(/`((?:video|audio|text|application)\/[\w.+-]+)`/g)).toEqual(contentTypes.toSorted());
});

test('the upload of docs/media.md works as it stands', async () => {
  await using world = await open();
  const example = /```ts\n(import \{ openAsBlob[^`]+)```/.exec(page)?.[1] ?? '';
  const client = new URL('../../client/src/index.ts', import.meta.url).href;
  const program = example.replace('tessera-client', client);
  expect(program).not.toBe(example);
  expect(example.trim().split('\n').length).toBeLessThanOrEqual(24);
  const { server, samples, ada } = world;
  const [script, sound] = [join(server.dataDir, 'upload.mts'), join(server.dataDir, 'talk.wav')];
  await writeFile(script, program);
  await writeFile(sound, samples['sound.wav']);
  const projectId = await world.makeProject();
  const { stdout } = await promisify(execFile)(process.execPath, [script, sound, projectId], {
    env: { ...process.env, TESSERA_URL: server.url, TESSERA_TOKEN: ada.token },
    timeout: 30_000,
  });
  expect(stdout).toContain('100 completed');
  const { items } = await ada.client.media.list.query({ projectId });
  expect(items).toMatchObject([
    { name: 'Opening talk', status: 'ready', sha256: sha256(samples['sound.wav']) },
  ]);
});

async function open() {
  const world = await makeMediaWorld();
  return { ...world, [Symbol.asyncDispose]: () => world.server.close() };
}
