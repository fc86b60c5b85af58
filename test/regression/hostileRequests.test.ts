import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { metadata } from '../../src/routers/metadata.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let ada: Person;

beforeAll(async () => {
  server = await startServer();
  ada = await server.person('Ada');
});
afterAll(() => server.close());

test.each(['a b', '[', 'x:99999999'])('a request with the Host %s is answered as malformed', async (host) => {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write(`GET /trpc/auth.me HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1.1 400 /);
});

test('metadata that is too large is refused without being looked at to its end', () => {
  let looked = 0;
  const endless = new Proxy([], {
    get: (_target, key) => (key === 'length' ? 10 ** 9 : ((looked += 1), undefined)),
  });
  expect(metadata.safeParse({ endless }).success).toBe(false);
  expect(looked).toBeLessThan(100);
  const wide = { list: Array.from({ length: 300_000 }, () => []) };
  expect(metadata.safeParse(wide).success).toBe(false);
});

test('metadata is JSON: what is none is refused, and what is comes back as it was', async () => {
  for (const value of [new Date(), 1n, Number.NaN, new Map(), undefined, { deep: [undefined] }]) {
    expect(metadata.safeParse({ value }).success).toBe(false);
  }
  const kept = { text: 'ä\\u0000 as text', list: [1, null, { a: true }], empty: {} };
  const { metadata: stored } = await ada.client.projects.create.mutate({ name: 'Data', metadata: kept });
  expect(stored).toEqual(kept);
  expect(
    (await failureOf(ada.client.projects.create.mutate({ name: 'NUL', metadata: { x: '\u0000' } }))).code,
  ).toBe('BAD_INPUT');
});
