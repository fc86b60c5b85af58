/** What a browser loads before it shows the first page. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { buildConsole } from './support/buildConsole.ts';

const limit = 250 * 1024;
let dir = '';
beforeAll(async () => {
  dir = await buildConsole();
});

const read = (name: string) => readFileSync(join(dir, name), 'utf8');

/** The script, and every one that it loads in any case, by `import … from`. */
function withImports(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, next = ''] of read(name).matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g))
    withImports(`assets/${next}`, found);
  return found;
}

const named = (beginning: string) =>
  readdirSync(join(dir, 'assets')).filter((name) => name.startsWith(`${beginning}-`) && name.endsWith('.js'));

test('the first load is at most 250 kB of gzipped JavaScript, whatever the first page is', () => {
  const entry = /src="\/(assets\/[^"]+\.js)"/.exec(read('index.html'))?.[1] ?? '';
  const shell = [entry, ...named('App').map((name) => `assets/${name}`)];
  const pages = ['SignIn', 'Projects', 'Members', 'Files', 'File', 'Threads', 'ThreadPlace']
    .flatMap(named)
    .map((name) => `assets/${name}`);
  expect(pages.length).toBeGreaterThanOrEqual(3);
  for (const page of pages) {
    const files = new Set([...shell, page].flatMap((name) => Array.from(withImports(name))));
    const bytes = [...files].reduce((sum, name) => sum + gzipSync(read(name), { level: 9 }).length, 0);
    expect(bytes, [...files].join(' ')).toBeLessThan(limit);
  }
});

test('what is built names no path of the machine it was built on', () => {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(js|css|html)$/.test(name),
  );
  expect(files.filter((name) => read(name).includes(process.cwd()))).toEqual([]);
  expect(readdirSync(join(dir, 'assets')).filter((name) => name.endsWith('.map'))).toEqual([]);
});
