import { once } from 'node:events';
import { request as send } from 'node:http';
import { text } from 'node:stream/consumers';
import pino from 'pino';
import { expect, test } from 'vitest';
import { createMetrics } from '../../src/http/metrics.ts';
import { openHttp } from '../../src/http/openHttp.ts';

test('a call whose body does not come to an end is cut off, a transfer is not', async () => {
  const bodies: string[] = [];
  const http = await openHttp({
    host: '127.0.0.1',
    port: 0,
    log: pino({ level: 'silent' }),
    metrics: createMetrics(),
    maxConnections: 10,
    headersMs: 20_000,
    bodyMs: 100,
    procedures: async (request, response) => {
      await text(request).catch(() => bodies.push('broken'));
      response.end();
    },
    transfers: {
      '/storage/': async (request, response) => {
        bodies.push(await text(request));
        response.end();
      },
    },
    addRoutes: () => {},
    readiness: async () => ({ needed: {}, useful: {} }),
  });
  const open = (path: string) => {
    const headers = { 'content-length': 10 };
    const request = send({ port: http.port, host: '127.0.0.1', method: 'POST', path, headers });
    request.write('half ');
    return request;
  };
  const transfer = open('/storage/x');
  // By the time that it has been cut off the transfer has been given as long.
  await once(open('/trpc/any.call'), 'error');
  transfer.end('whole');
  const [answer] = (await once(transfer, 'response')) as [{ statusCode: number }];
  expect(answer.statusCode).toBe(200);
  expect(bodies).toEqual(['broken', 'half whole']);
  await http.close(1000);
});
