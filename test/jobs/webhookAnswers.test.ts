import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Receiver, startReceiver, status } from '../support/receiver.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';
import { type Delivery, hasEnded, tried, waitForDelivery } from './waitForDelivery.ts';

let server: TestServer;
let ada: Person;
let projectId: string;
let receiver: Receiver;

beforeAll(async () => {
  server = await startServer({
    settings: { WEBHOOK_TARGETS: '127.0.0.1', WEBHOOK_HTTP: 'true', WEBHOOK_SECONDS: '1' },
  });
  ada = await server.person('Ada');
});
afterAll(() => server.close());
beforeEach(async () => {
  receiver = await startReceiver();
  projectId = (await ada.client.projects.create.mutate({ name: 'Hooked' })).id;
});
afterEach(async () => {
  await ada.client.projects.delete.mutate({ projectId });
  await receiver[Symbol.asyncDispose]();
});

const make = () =>
  ada.client.webhooks.create.mutate({ projectId, url: receiver.url, events: ['issue.created'] });
const makeIssue = () => ada.client.issues.create.mutate({ projectId, title: 'Broken' });
const untilDelivery = (webhookId: string, fulfils: (delivery: Delivery) => boolean) =>
  waitForDelivery(ada.client, { projectId, webhookId }, fulfils);

describe('a webhook that does not get through', () => {
  test.each([
    ['fails', status(500), 'it answered 500'],
    ['stalls', () => {}, 'it did not answer in time'],
    ['breaks off', (response) => response.destroy(), 'the connection was broken off'],
    [
      'sends its head drop by drop',
      (response) => {
        const head = Array.from(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100)}`);
        const timer = setInterval(() => response.socket?.write(head.shift() ?? 'y'), 50);
        response.on('close', () => clearInterval(timer));
      },
      'it did not answer in time',
    ],
    [
      'redirects',
      (response) => response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
      'it answered 302, and redirects are not followed',
    ],
    [
      'has a head without end',
      (response) => response.writeHead(200, { x: 'x'.repeat(40_000) }).end(),
      /head/,
    ],
  ] satisfies [string, Receiver['reply'], string | RegExp][])(
    'because its receiver %s, says so',
    async (_what, reply, said) => {
      const { webhook } = await make();
      receiver.reply = reply;
      await makeIssue();
      const failed = await untilDelivery(webhook.id, tried(1));
      expect(failed.status).toBe('pending');
      expect(failed.errorMessage).toMatch(said);
    },
  );
});

describe('an answer', () => {
  test.each([
    [
      'a gzip bomb',
      { 'content-encoding': 'gzip' },
      () => gzipSync(Buffer.alloc(20 * 2 ** 20, 'a'), { level: 1 }),
      '',
    ],
    ['ten megabytes', {}, () => Buffer.alloc(10 * 2 ** 20, 'a'), 'a'.repeat(1000)],
    ['control characters', {}, () => Buffer.from('\u001b[2Jfine\u0000\u202e\nline\u{ff}'), '[2Jfine\nlineÿ'],
  ])(
    'of %s counts by its status and is read only at its beginning',
    async (_what, headers, body, excerpt) => {
      const { webhook } = await make();
      receiver.reply = (response) => response.writeHead(200, headers).end(body());
      await makeIssue();
      const done = await untilDelivery(webhook.id, hasEnded);
      expect(done.status).toBe('delivered');
      expect(done.tries[0]!.responseBody).toBe(excerpt);
    },
  );

  test.each([
    [
      'comes drop by drop without end',
      (response) => {
        const timer = setInterval(() => response.write('.'), 50);
        response.on('close', () => clearInterval(timer));
      },
    ],
    ['breaks off in the middle', (response) => setTimeout(() => response.destroy(), 50)],
  ] satisfies [string, (response: ServerResponse) => void][])(
    'that %s counts by its status, with what has come of it',
    async (_what, goOn) => {
      const { webhook } = await make();
      receiver.reply = (response) => {
        response.writeHead(200, { 'content-length': 1_000_000 }).write('begun');
        goOn(response);
      };
      await makeIssue();
      const done = await untilDelivery(webhook.id, hasEnded);
      expect(done).toMatchObject({
        status: 'delivered',
        attempts: 1,
        tries: [{ httpStatus: 200, responseBody: expect.stringMatching(/^begun\.*$/) as string }],
      });
    },
  );

  test('that comes as fast as it can without end is let go at its beginning', async () => {
    const { webhook } = await make();
    const sent = Promise.withResolvers<number>();
    receiver.reply = (response) => {
      const { socket } = response;
      const chunk = Buffer.alloc(65_536, 'a');
      const goOn = () => {
        while (response.write(chunk));
      };
      response.on('drain', goOn).on('close', () => sent.resolve(socket?.bytesWritten ?? Infinity));
      goOn();
    };
    await makeIssue();
    // What lies in the buffers of both ends is sent and not read.
    expect(await sent.promise).toBeLessThan(32 * 2 ** 20);
    expect((await untilDelivery(webhook.id, hasEnded)).tries[0]!.responseBody).toBe('a'.repeat(1000));
  });
});
