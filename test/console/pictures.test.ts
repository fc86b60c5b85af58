/** Pictures of the console: each is shown in the documentation, is small, and is that of a page. */
import { readFile, readdir, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { adminPages } from './walk/adminPages.ts';
import { guestPages, ownPages } from './walk/ownPages.ts';
import { projectPages } from './walk/projectPages.ts';

const folder = 'docs/images';

/** Paths of the pictures that a page of the documentation shows. */
async function shownIn(page: string): Promise<string[]> {
  const text = await readFile(page, 'utf8');
  return [...text.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path = '']) =>
    relative('.', join(dirname(page), path)),
  );
}

test('each page of the console has its picture, each picture is shown once, and what is shown is there', async () => {
  const visits = [guestPages, ownPages, projectPages, adminPages].flatMap((pages) =>
    Object.values(pages).flat(),
  );
  const taken = visits.flatMap(({ picture }) => (picture ? [`${folder}/console-${picture}.png`] : []));
  const kept = (await readdir(folder)).map((name) => `${folder}/${name}`);
  const shown = (await Promise.all(['README.md', 'docs/console.md'].map(shownIn))).flat();
  expect(kept.toSorted()).toEqual(taken.toSorted());
  expect(shown.toSorted()).toEqual(taken.toSorted());
});

test('pictures are small enough to be read on a slow line', async () => {
  const names = await readdir(folder);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  expect(Math.max(...sizes)).toBeLessThan(200_000);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(6_000_000);
});
