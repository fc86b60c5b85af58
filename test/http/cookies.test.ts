/** What a browser's session cookie is worth, and to whose pages. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, type TestServer, startServer } from '../support/server.ts';

const friend = 'https://friend.example';
let server: TestServer;
let ada: Person;

beforeAll(async () => {
  server = await startServer({
    settings: { PUBLIC_URL: 'https://tessera.example', ALLOWED_ORIGINS: friend },
  });
  ada = await server.person('Ada');
});
afterAll(() => server.close());

const post = (path: string, json: object, headers: Record<string, string>) =>
  fetch(`${server.url}/trpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ json }),
  });
const signIn = (origin: string) =>
  post('auth.login', { email: ada.email, password: ada.password }, { origin });

test('a page of an allowed origin that signs in gets a cookie that only this server is sent, over https', async () => {
  for (const origin of ['https://tessera.example', friend]) {
    const [cookie = ''] = (await signIn(origin)).headers.getSetCookie();
    expect(cookie).toMatch(/^tessera_session=tss_\w+;/);
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/'])
      expect(cookie).toContain(attribute);
    expect(cookie).not.toContain('Domain');
  }
  expect((await signIn('https://evil.example')).headers.getSetCookie()).toEqual([]);
});

test('a mutation with the cookie is carried out for pages of allowed origins, and refused for all others', async () => {
  const cookie = `tessera_session=${ada.token}`;
  const create = (headers: Record<string, string>) =>
    post('projects.create', { name: 'By cookie' }, { cookie, ...headers });
  const foreign: [string, string][] = [
    ['origin', 'https://evil.example'],
    ['origin', 'https://friend.example.evil.example'],
    ['origin', 'http://tessera.example'],
    ['origin', 'null'],
    ['sec-fetch-site', 'cross-site'],
    ['sec-fetch-site', 'same-site'],
  ];
  for (const [name, value] of foreign) expect((await create({ [name]: value })).status).toBe(401);
  expect((await ada.client.projects.list.query({})).items).toEqual([]);
  for (const origin of ['https://tessera.example', friend])
    expect((await create({ origin })).status).toBe(200);
  expect((await ada.client.projects.list.query({})).items).toHaveLength(2);
});
