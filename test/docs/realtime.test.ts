import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeCodes } from '../../src/realtime/protocol.ts';
import { settingTable } from '../../src/settings.ts';
import { RawSocket } from '../realtime/RawSocket.ts';
import { type TestServer, startServer } from '../support/server.ts';

const page = readFileSync('docs/realtime.md', 'utf8');
const transcript = /```transcript\n([^]*?)```/.exec(page)?.[1]?.trim().split('\n') ?? [];

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ services: new Set(['api', 'realtime']) });
});
afterAll(() => server.close());

const escape = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
/** A pattern for a line of the server in which `…` stands for anything. */
const patternOf = (line: string) =>
  new RegExp(
    `^${line
      .split('…')
      .map((part) => escape(part))
      .join('.*')}$`,
    's',
  );

test('the conversation in docs/realtime.md goes as it says', async () => {
  const { token, client } = await server.person('Ada');
  const { id: projectId } = await client.projects.create.mutate({ name: 'Notes' });
  const socket = await RawSocket.open(Number(new URL(server.url).port), '?connectionParams=1');
  let read = 0;
  let anyOrder: RegExp[] = [];
  for (const line of [...transcript, '']) {
    const [, mark = '', text = ''] = /^(<<|<|>) (.*)$/.exec(line) ?? [];
    if (mark === '<<') anyOrder.push(patternOf(text));
    else if (anyOrder.length > 0) {
      const expected = anyOrder;
      anyOrder = [];
      const end = read + expected.length;
      await socket.until(({ frames }) => frames.length >= end);
      const frames = socket.frames.slice(read, end);
      for (const pattern of expected) expect(frames.filter((frame) => pattern.test(frame))).toHaveLength(1);
      read = end;
    }
    if (mark === '>') socket.send(text.replaceAll('<token>', token).replaceAll('<projectId>', projectId));
    if (mark === '<') {
      read += 1;
      await socket.until(({ frames }) => frames.length >= read);
      expect(socket.frames[read - 1]).toMatch(patternOf(text));
    }
  }
  expect(read).toBeGreaterThan(7);
  socket.ws.terminate();
});

test('docs/realtime.md names every close code, and only settings that there are', () => {
  const codes = Object.values(closeCodes).map(String);
  const told = [...page.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, list = '']) => list.split(', '));
  expect(told.toSorted()).toEqual(codes.toSorted());
  const settings = [...page.matchAll(/`((?:SOCKET|MAX|EVENT|ALLOWED)_[A-Z_]+)`/g)].map(
    ([, name = '']) => name,
  );
  expect(settings.filter((name) => !(name in settingTable))).toEqual([]);
  const sockets = Object.keys(settingTable).filter((name) => name.startsWith('SOCKET_'));
  expect(sockets.filter((name) => !settings.includes(name))).toEqual([]);
});
