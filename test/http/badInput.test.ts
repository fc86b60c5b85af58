import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let ada: Person;

beforeAll(async () => {
  server = await startServer({ settings: { MAX_BODY_BYTES: '100000', MAX_BATCH: '5' } });
  ada = await server.person('Ada');
});
afterAll(() => server.close());

interface Answer {
  status: number;
  /** Our code of the (first) error; undefined when the call succeeded. */
  code: string | undefined;
  remedy: string | undefined;
  text: string;
}

async function send(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${server.url}/trpc/${path}`, {
    ...init,
    headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json', ...init.headers },
  });
  const text = await response.text();
  const body: unknown = JSON.parse(text);
  const first = (Array.isArray(body) ? body[0] : body) as {
    error?: { json: { data: { code: string; remedy: string } } };
  };
  return {
    status: response.status,
    code: first.error?.json.data.code,
    remedy: first.error?.json.data.remedy,
    text,
  };
}

const post = (path: string, body: string) => send(path, { method: 'POST', body });

describe('bad input', () => {
  test.each([
    ['malformed JSON', '{"json":{"name":', 400, 'MALFORMED_REQUEST'],
    ['no JSON at all', 'hello', 400, 'MALFORMED_REQUEST'],
    ['a value of another type', '{"json":{"name":7}}', 400, 'BAD_INPUT'],
    ['an array for an object', '{"json":[1,2]}', 400, 'BAD_INPUT'],
    ['null', '{"json":null}', 400, 'BAD_INPUT'],
    ['a name over its length', JSON.stringify({ json: { name: 'x'.repeat(256) } }), 400, 'BAD_INPUT'],
    ['a NUL character', JSON.stringify({ json: { name: 'x', description: 'a\u0000b' } }), 400, 'BAD_INPUT'],
    ['an id that is no UUID', JSON.stringify({ json: { name: 'x', id: '1' } }), 400, 'BAD_INPUT'],
    [
      'a body over the limit',
      JSON.stringify({ json: { name: 'x', description: 'y'.repeat(120_000) } }),
      413,
      'PAYLOAD_TOO_LARGE',
    ],
  ])('%s ends in an error of the table, and nothing is written', async (_what, body, status, code) => {
    const before = await ada.client.projects.list.query({});
    const answer = await post('projects.create', body);
    expect([answer.status, answer.code]).toEqual([status, code]);
    expect(answer.remedy).toBeTruthy();
    expect(await ada.client.projects.list.query({})).toEqual(before);
  });

  test('a prototype-polluting input is refused and pollutes nothing', async () => {
    const hostile =
      '{"json":{"name":"x","__proto__":{"polluted":true}},"meta":{"values":{"__proto__.polluted":["Date"]}}}';
    const answer = await post('projects.create', hostile);
    expect(answer.status).toBe(400);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('a batch over the limit is refused whole', async () => {
    const path = Array.from({ length: 6 }, () => 'auth.me').join(',');
    const answer = await send(`${path}?batch=1&input=${encodeURIComponent('{}')}`);
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain(ada.email);
  });

  test('in a batch each call fails or succeeds for itself', async () => {
    const input = encodeURIComponent(
      JSON.stringify({ 0: { json: {} }, 1: { json: { projectId: 'nonsense' } } }),
    );
    const response = await fetch(`${server.url}/trpc/auth.me,projects.get?batch=1&input=${input}`, {
      headers: { authorization: `Bearer ${ada.token}` },
    });
    const [me, project] = (await response.json()) as {
      result?: unknown;
      error?: { json: { data: { code: string } } };
    }[];
    expect(me?.result).toBeDefined();
    expect(project?.error?.json.data.code).toBe('BAD_INPUT');
  });

  test('an unknown procedure, a wrong method and an undecodable path say so', async () => {
    expect(await send('projects.explode')).toMatchObject({ status: 404, code: 'UNKNOWN_PROCEDURE' });
    expect(await send('projects.create')).toMatchObject({ status: 405, code: 'METHOD_NOT_SUPPORTED' });
    expect(await send('%E0%A4%A')).toMatchObject({ status: 400, code: 'MALFORMED_REQUEST' });
  });

  test('no answer holds a stack, a statement or a path of the machine', async () => {
    for (const answer of [
      await post('projects.create', '{'),
      await send('no.such'),
      await post('projects.create', '{"json":{"name":1}}'),
    ]) {
      expect(answer.text).not.toMatch(/node_modules|\/src\/|insert into|at .*\.ts/);
    }
  });

  test('a token that is nonsense, huge or of nobody is simply not signed in', async () => {
    for (const token of ['x', 'tss_unknown', 'y'.repeat(5000), 'é\u00ff'.slice(0, 1)]) {
      const response = await fetch(`${server.url}/trpc/auth.me`, {
        headers: { authorization: `Bearer ${encodeURIComponent(token)}` },
      });
      expect([401, 431]).toContain(response.status);
    }
  });
});

describe('browsers', () => {
  const login = (origin?: string) =>
    fetch(`${server.url}/trpc/auth.login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(origin ? { origin } : {}) },
      body: JSON.stringify({ json: { email: ada.email, password: ada.password } }),
    });

  test('of an allowed origin get the session as an HttpOnly cookie, and act with it', async () => {
    const response = await login(server.url);
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^tessera_session=tss_\w+; .*HttpOnly/);
    expect(cookie).toContain('SameSite=Lax');
    const me = await fetch(`${server.url}/trpc/auth.me`, {
      headers: { cookie: cookie.split(';')[0] ?? '', origin: server.url },
    });
    expect(me.status).toBe(200);
    expect(me.headers.get('access-control-allow-origin')).toBe(server.url);
  });

  test('of another site get no cookie, no permission to read, and cannot act with the one there is', async () => {
    const theirs = await login('https://evil.example');
    expect(theirs.headers.get('set-cookie')).toBeNull();
    expect(theirs.headers.get('access-control-allow-origin')).toBeNull();
    const cookie = ((await login(server.url)).headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const attempts: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of attempts) {
      const response = await fetch(`${server.url}/trpc/auth.me`, { headers: { cookie, ...headers } });
      expect(response.status).toBe(401);
    }
  });
});

describe('operators', () => {
  test('see that the server is alive and ready, part by part', async () => {
    expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: 'alive' });
    const ready = await fetch(`${server.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'ready', parts: { accepting: true, database: true, migrations: true, 'bus.postgres': true } },
    ]);
  });

  test('read calls by outcome, connections and the process at /metrics', async () => {
    await send('no.such');
    await ada.client.auth.me.query();
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toMatch(/tessera_calls_total\{procedure="auth.me",outcome="ok"\} [1-9]/);
    expect(text).toContain('tessera_connections');
    expect(text).toContain('process_cpu_seconds_total');
  });

  test('find the request id of a call in its answer', async () => {
    const response = await fetch(`${server.url}/trpc/auth.me`, {
      headers: { 'x-request-id': 'my-request-1' },
    });
    expect(response.headers.get('x-request-id')).toBe('my-request-1');
  });
});
