/**
 * `npm run bench:console [-- --comments=120 --every=150]`: what the console weighs, and how long it takes from
 * submitting a comment in one browser to its paint in another, which has the same thread open. Both are headless
 * Chromium, the server is a process of its own, and its PostgreSQL writes to disk. Submitting is the form's event;
 * painted is the frame after the one in which the comment came into the page. The first load is the largest of the
 * pages one may come in by, with all that it loads in any case. The last line is JSON.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type Browser, type Page, chromium } from 'playwright-core';
import { openBenchDatabase } from './support/openBenchDatabase.ts';
import { startPeer } from './support/peer.ts';
import { percentile } from './support/percentile.ts';

const { values } = parseArgs({
  options: {
    comments: { type: 'string', default: '120' },
    every: { type: 'string', default: '150' },
  },
});
const comments = Number(values.comments);
/** Milliseconds from one comment to the next. */
const every = Number(values.every);
const warmUp = 10;
const dist = join(import.meta.dirname, '../web/dist');
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const assets = readdirSync(join(dist, 'assets')).filter((name) => name.endsWith('.js'));
const textOf = (name: string) => readFileSync(join(dist, 'assets', name), 'utf8');
const sizes = new Map(assets.map((name) => [name, gzipSync(textOf(name), { level: 9 }).length]));

/** A script and all that it imports in any case. */
function withImports(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, next = ''] of textOf(name).matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g))
    withImports(next, found);
  return found;
}

const kilobytes = (names: Iterable<string>) =>
  Math.round([...names].reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0) / 102.4) / 10;

/** By page: kilobytes of gzipped JavaScript until it is shown. */
function weighPages(): Record<string, number> {
  const entry = /src="\/assets\/([^"]+\.js)"/.exec(readFileSync(join(dist, 'index.html'), 'utf8'))?.[1] ?? '';
  const named = (beginning: string) => assets.filter((name) => name.startsWith(`${beginning}-`));
  const shell = [entry, ...named('App')];
  const weigh = (page: string) => {
    const files = [...shell, ...named(page)].flatMap((name) => Array.from(withImports(name)));
    return [page, kilobytes(new Set(files))] as const;
  };
  return Object.fromEntries(['SignIn', 'Projects', 'Files', 'File', 'Threads', 'ThreadPlace'].map(weigh));
}

/** Opens the thread in a browser of its own and waits until one can write in it. */
async function openThread(browser: Browser, url: string, token: string, path: string): Promise<Page> {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  await context.addCookies([{ name: 'tessera_session', value: token, url, httpOnly: true, sameSite: 'Lax' }]);
  const page = await context.newPage();
  await page.goto(`${url}${path}`);
  await page.getByRole('textbox', { name: 'Comment on this thread' }).waitFor();
  return page;
}

/** In the page: notes when each form was submitted, on the clock that both browsers share. */
const noteSubmits = `
  window.moments = [];
  addEventListener('submit', () => moments.push(performance.timeOrigin + performance.now()), true);
`;

/** In the page: notes when a comment that says \`mark n\` was painted. */
const notePaints = `
  window.moments = {};
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) {
      const n = /mark (\\d+) of/.exec(node.textContent ?? '')?.[1];
      if (n === undefined || n in moments) continue;
      moments[n] = 0;
      requestAnimationFrame(() => requestAnimationFrame(() => {
        moments[n] = performance.timeOrigin + performance.now();
      }));
    }
  }).observe(document.body, { childList: true, subtree: true });
`;

const pages = weighPages();
for (const [page, size] of Object.entries(pages)) console.log(`${page.padEnd(12)} ${size} kB`);

await using database = await openBenchDatabase({ people: 2, comments: 20 }, { durable: true });
const { projectId, threadId, tokens } = database.fixture;
await using server = await startPeer('live', database);
const url = `http://127.0.0.1:${server.port}`;
const path = `/projects/${projectId}/threads/${threadId}`;
const args = ['--no-sandbox', '--disable-dev-shm-usage'];
const [writing, reading] = await Promise.all([
  chromium.launch({ executablePath, args }),
  chromium.launch({ executablePath, args }),
]);
try {
  const writer = await openThread(writing, url, tokens[0] ?? '', path);
  const reader = await openThread(reading, url, tokens[1] ?? '', path);
  await writer.evaluate(noteSubmits);
  await reader.evaluate(notePaints);
  const field = writer.getByRole('textbox', { name: 'Comment on this thread' });
  const total = warmUp + comments;
  for (let n = 0; n < total; n += 1) {
    await field.fill(`mark ${n} of what is measured: a comment as people write them.`);
    await field.press('Control+Enter');
    await sleep(every);
  }
  await reader.waitForFunction(`Object.values(moments).filter(Boolean).length === ${total}`);
  const submitted = await writer.evaluate<number[]>('moments');
  const painted = await reader.evaluate<Record<string, number>>('moments');
  if (submitted.length !== total)
    throw new Error(`${total} comments were submitted ${submitted.length} times.`);
  const taken = submitted.map((at, n) => (painted[n] ?? Number.NaN) - at).slice(warmUp);
  const round = (value: number) => Math.round(value * 10) / 10;
  console.log(
    JSON.stringify({
      bench: 'console',
      comments,
      first_load_kb: Math.max(pages['SignIn'] ?? 0, pages['Projects'] ?? 0),
      file_page_kb: pages['File'],
      all_kb: kilobytes(assets),
      paint_p50_ms: round(percentile(taken, 0.5)),
      paint_p99_ms: round(percentile(taken, 0.99)),
    }),
  );
} finally {
  await writing.close();
  await reading.close();
}
