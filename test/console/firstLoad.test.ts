/** How much script a browser loads before it shows a page: every page that there is. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { buildConsole } from './support/buildConsole.ts';

const limits = { any: 250 * 1024, thread: 225 * 1024 };
let dir = '';
beforeAll(async () => {
  dir = await buildConsole();
});

const texts = new Map<string, string>();
function read(name: string): string {
  const text = texts.get(name) ?? readFileSync(join(dir, name), 'utf8');
  texts.set(name, text);
  return text;
}

const sizes = new Map<string, number>();
function weigh(name: string): number {
  const size = sizes.get(name) ?? gzipSync(read(name), { level: 9 }).length;
  sizes.set(name, size);
  return size;
}

/** The script, and every one that it loads in any case. */
function withImports(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, next = ''] of read(name).matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g))
    withImports(`assets/${next}`, found);
  return found;
}

test('no page loads more than it may before it is shown', () => {
  const assets = readdirSync(join(dir, 'assets'));
  const named = (page: string) =>
    assets
      .filter((name) => new RegExp(`^${page}-[\\w-]{8}\\.js$`).test(name))
      .map((name) => `assets/${name}`);
  const entry = /src="\/(assets\/[^"]+\.js)"/.exec(read('index.html'))?.[1] ?? '';
  const shell = [entry, ...named('App')];
  const routes = readFileSync('web/src/routes.tsx', 'utf8');
  const pages = new Set(
    [...routes.matchAll(/import\('\.\/pages\/[^']*?(\w+)\.tsx'\)/g)].map(([, name = '']) => name),
  );
  expect(pages.size).toBeGreaterThan(50);
  const heavy = [...pages].flatMap((page) => {
    const files = named(page);
    expect(files, page).not.toEqual([]);
    return files.flatMap((file) => {
      const loaded = new Set([...shell, file].flatMap((name) => Array.from(withImports(name))));
      const bytes = [...loaded].reduce((sum, name) => sum + weigh(name), 0);
      return bytes > (page === 'ThreadPlace' ? limits.thread : limits.any) ? [`${file}: ${bytes} bytes`] : [];
    });
  });
  expect(heavy).toEqual([]);
});
