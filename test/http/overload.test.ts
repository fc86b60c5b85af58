import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { RawSocket } from '../realtime/RawSocket.ts';
import { startServer } from '../support/server.ts';
import { waitFor } from '../support/waitFor.ts';

const portOf = (url: string) => Number(new URL(url).port);

/** Holds the event loop up, as too much work does. */
function holdUp(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

test('a server that cannot keep up puts sockets and calls off for a moment, then takes them again', async () => {
  await using server = await startServer({ settings: { MAX_LAG_MS: '40' } });
  const { token } = await waitFor(() => server.person());
  const call = () => fetch(`${server.url}/trpc/auth.me`, { headers: { authorization: `Bearer ${token}` } });
  await waitFor(async () => expect((await call()).status).toBe(200));
  const here = await waitFor(() => RawSocket.open(portOf(server.url)));
  holdUp(3_000);
  const refused = await call();
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toMatch(/^[1-5]$/);
  expect(await refused.json()).toMatchObject({ error: { json: { data: { code: 'UNAVAILABLE' } } } });
  await expect(RawSocket.open(portOf(server.url))).rejects.toThrow('503');
  // Who is here is served, and whoever looks after the process can look.
  here.send('PING');
  await here.until(({ frames }) => frames.includes('PONG'));
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toMatch(/tessera_socket_refusals_total\{reason="overloaded"\} [1-9]/);
  for (const name of ['queue_bytes', 'slow_readers', 'loop_lag_seconds'])
    expect(metrics).toMatch(new RegExp(`^tessera_${name} \\d`, 'm'));
  for (const name of ['socket_closes', 'reconnects_asked', 'queue_full'])
    expect(metrics).toContain(`# TYPE tessera_${name}_total counter`);
  await waitFor(async () => expect((await call()).status).toBe(200));
  await waitFor(async () => (await RawSocket.open(portOf(server.url))).ws.terminate());
  here.ws.terminate();
});

test('a connection that does not finish its upgrade is ended, and more than allowed are not accepted', async () => {
  await using server = await startServer({ settings: { HEADERS_SECONDS: '1', MAX_CONNECTIONS: '3' } });
  const slow = Array.from({ length: 3 }, () => connect(portOf(server.url), '127.0.0.1'));
  for (const socket of slow) {
    await once(socket, 'connect');
    socket.write('GET /trpc HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n');
  }
  const one = connect(portOf(server.url), '127.0.0.1');
  one.on('error', () => {});
  await once(one, 'close');
  await Promise.all(
    slow.map(async (socket) => {
      const closed = once(socket.resume(), 'close');
      await closed;
    }),
  );
  await waitFor(async () => expect((await fetch(`${server.url}/healthz`)).status).toBe(200));
});
