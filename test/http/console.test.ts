/** How the console's files are served. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let dir: string;
const script = 'export const answer = 42;\n'.repeat(50);
const html = { accept: 'text/html,*/*' };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'console-'));
  server = await startServer({ settings: { CONSOLE_DIR: dir } });
});
afterAll(async () => {
  await server.close();
  await rm(dir, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(server.url + path, { headers });

test('before it is built a browser is told how to, and programs are answered as ever', async () => {
  const page = await get('/projects', html);
  expect(page.status).toBe(503);
  expect(await page.text()).toContain('npm run build -w web');
  expect(await (await get('/')).json()).toMatchObject({ name: 'Tessera' });
  expect((await get('/nowhere')).status).toBe(404);

  await mkdir(join(dir, 'assets'));
  await writeFile(join(dir, 'index.html'), '<meta name="style-nonce" content="" /><p>the page</p>');
  await writeFile(join(dir, 'assets/app-1.js'), script);
  await writeFile(join(dir, 'assets/app-1.js.gz'), gzipSync(script));
});

test('the page stands at every path that is nothing else, under a strict policy with a nonce of its own', async () => {
  const nonces = new Set<string>();
  for (const path of ['/', '/projects/1/files/src/main.ts', '/nowhere']) {
    const answer = await get(path, html);
    expect(answer.status).toBe(200);
    const policy = answer.headers.get('content-security-policy') ?? '';
    const nonce = /style-src 'self' 'nonce-([\w-]{22})'/.exec(policy)?.[1] ?? '';
    expect(await answer.text()).toContain(`<meta name="style-nonce" content="${nonce}"`);
    nonces.add(nonce);
    expect(policy).not.toContain('unsafe');
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "object-src 'none'",
      "frame-ancestors 'none'",
    ])
      expect(policy).toContain(part);
    expect(policy).toContain(`ws://${new URL(server.url).host}`);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  }
  expect(nonces.size).toBe(3);
});

test('a built file is kept for good, compressed as it was built, and not sent again to who has it', async () => {
  const answer = await get('/assets/app-1.js', { 'accept-encoding': 'gzip' });
  expect(answer.headers.get('content-encoding')).toBe('gzip');
  expect(answer.headers.get('cache-control')).toContain('immutable');
  expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(await answer.text()).toBe(script);
  const etag = answer.headers.get('etag') ?? '';
  const again = await get('/assets/app-1.js', { 'accept-encoding': 'gzip', 'if-none-match': etag });
  expect(again.status).toBe(304);
  const plain = await get('/assets/app-1.js', { 'accept-encoding': 'gzip;q=0' });
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(plain.headers.get('etag')).not.toBe(etag);
});

test('nothing outside the built files is served, and a file that is gone is not the page', async () => {
  expect((await get('/assets/app-0.js', html)).status).toBe(404);
  for (const path of [
    '/../package.json',
    '/%2e%2e/package.json',
    '/assets/..%2f..%2fpackage.json',
    '/index.html',
  ])
    expect(await (await get(path)).text()).not.toContain('the page');
  expect((await get('/healthz', html)).headers.get('content-type')).toContain('json');
  expect((await get('/trpc/auth.me', html)).status).toBe(401);
});
