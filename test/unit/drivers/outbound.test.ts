import { type Server, createServer } from 'node:http';
import { type AddressInfo, type Socket, createServer as createTcpServer } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAddressGuard } from '../../../src/drivers/addressGuard.ts';
import { type Answer, Outbound } from '../../../src/drivers/outbound/Outbound.ts';

let server: Server;
let port: number;
let hits: { headers: Record<string, unknown>; method: string | undefined }[];
let answer: (path: string) => { status: number; headers: Record<string, string> };

beforeAll(async () => {
  hits = [];
  answer = () => ({ status: 200, headers: {} });
  server = createServer((request, response) => {
    hits.push({ headers: request.headers, method: request.method });
    request.resume();
    const { status, headers } = answer(request.url ?? '');
    response.writeHead(status, headers).end('hello');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());

/** Nothing here asks a real DNS. */
const names = (table: Record<string, string[]>) => (name: string) =>
  table[name]
    ? Promise.resolve(table[name])
    : Promise.reject(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }));

const open = (options: Partial<ConstructorParameters<typeof Outbound>[0]> = {}) =>
  new Outbound({ allowedSubnets: [], allowHttp: false, timeoutMs: 2_000, lookup: names({}), ...options });
const openToLoopback = (options: Partial<ConstructorParameters<typeof Outbound>[0]> = {}) =>
  open({ allowedSubnets: ['127.0.0.0/8'], allowHttp: true, ...options });

const post = (outbound: Outbound, url: string, headers = {}): Promise<Answer> =>
  outbound.post(url, { headers, body: Buffer.from('{}') }, new AbortController().signal);

const inside = 'its host is, or resolves to, an address that is not public';

describe('addresses of this network', () => {
  test.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '127.000.000.001',
    '127.0.0.1.',
    '１２７.0.0.1',
    '0',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.0.1',
    '100.64.0.1',
    '198.18.0.1',
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '168.63.129.16',
    '100.100.100.200',
    '192.0.0.192',
    '224.0.0.1',
    '255.255.255.255',
    '[::]',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::127.0.0.1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::ffff:0:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b::169.254.169.254]',
    '[64:ff9b:1::a9fe:a9fe]',
    '[2002:7f00:1::]',
    '[2002:a9fe:a9fe::1]',
    '[2001:0:7f00:1::]',
    '[fe80::1]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[fd20:ce::254]',
    '[fec0::1]',
    '[ff02::1]',
    '[2001:db8::1]',
  ])('are not sent to when written as %s', async (host) => {
    expect(await post(open(), `https://${host}:${port}/`)).toMatchObject({ error: inside });
  });

  test.each([
    'https://[fe80::1%25eth0]/',
    'https://[fe80::1%eth0]/',
    'https://[::ffff:127.0.0.1',
    'https://',
  ])('are no addresses at all when written as %s', async (url) => {
    expect(await post(open(), url)).toMatchObject({ error: 'the request failed' });
  });

  test('with a zone are refused where the DNS gives them', async () => {
    const guard = createAddressGuard({ allowedHosts: ['fe80::/10', '::/0'] });
    for (const address of ['fe80::1%eth0', '2606:4700::1111%eth0', '::1%lo'])
      expect(guard.permits(address)).toBe(false);
  });

  test('of every IPv4 in its hexadecimal, octal, decimal and wrapped forms are refused', async () => {
    const octet = fc.integer({ min: 0, max: 255 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(10, 127), octet, octet, octet, async (a, b, c, d) => {
        const number = ((a * 256 + b) * 256 + c) * 256 + d;
        const hex = (value: number) => value.toString(16).padStart(2, '0');
        const [high, low] = [`${hex(a)}${hex(b)}`, `${hex(c)}${hex(d)}`];
        for (const host of [
          String(number),
          `0x${number.toString(16)}`,
          `0${number.toString(8)}`,
          `0${a.toString(8)}.${b}.0x${hex(c)}.${d}`,
          `[::ffff:${high}:${low}]`,
          `[::${high}:${low}]`,
          `[64:ff9b::${high}:${low}]`,
          `[2002:${high}:${low}::1]`,
        ])
          expect(await post(open(), `https://${host}/`)).toMatchObject({ error: inside });
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    [['127.0.0.1']],
    [['93.184.215.14', '10.0.0.1']],
    [['2606:4700::1111', '::1']],
    [['::ffff:10.0.0.1']],
    [['169.254.169.254']],
  ])('are refused where a name leads to %j', async (addresses) => {
    const lookup = names({ 'hooks.example.org': addresses });
    expect(await post(open({ lookup }), 'https://hooks.example.org/')).toMatchObject({ error: inside });
  });
});

describe('what the operator allows', () => {
  test('is sent to, over http where that is allowed too', async () => {
    expect(await post(openToLoopback(), `http://127.0.0.1:${port}/x`)).toMatchObject({
      status: 200,
      excerpt: 'hello',
    });
    const lookup = names({ 'hooks.internal': ['127.0.0.1'] });
    expect(await post(openToLoopback({ lookup }), `http://hooks.internal:${port}/`)).toMatchObject({
      status: 200,
    });
    expect(await post(openToLoopback({ allowHttp: false }), `http://127.0.0.1:${port}/`)).toMatchObject({
      error: 'its address must begin with https://',
    });
  });

  test('never holds the metadata services of clouds, however they are written', async () => {
    const everything = open({ allowedSubnets: ['0.0.0.0/0', '::/0', '169.254.169.254'], allowHttp: true });
    for (const host of [
      '169.254.169.254',
      '2852039166',
      '169.254.170.2',
      '100.100.100.200',
      '168.63.129.16',
      '192.0.0.192',
      '[::ffff:169.254.169.254]',
      '[::a9fe:a9fe]',
      '[64:ff9b::a9fe:a9fe]',
      '[2002:a9fe:a9fe::1]',
      '[fd00:ec2::254]',
      '[fd20:ce::254]',
    ])
      expect(await post(everything, `http://${host}/latest`), host).toMatchObject({ error: inside });
  });

  test('does not open http, or the ports of other services, to the public', async () => {
    const lookup = names({ 'hooks.example.org': ['93.184.215.14'] });
    const outbound = openToLoopback({ lookup });
    expect(await post(outbound, 'http://hooks.example.org/')).toMatchObject({
      error: 'its address must begin with https://',
    });
    for (const closed of [22, 25, 80, 445, 587, 993])
      expect(await post(outbound, `https://hooks.example.org:${closed}/`)).toMatchObject({
        error: 'its port must be 443, or 1024 and above',
      });
  });
});

describe('a request', () => {
  test('goes to the addresses that were judged, though the DNS would answer otherwise the next time', async () => {
    let asked = 0;
    const lookup = () => {
      asked += 1;
      return Promise.resolve(asked === 1 ? ['127.0.0.1'] : ['127.0.0.2']);
    };
    expect(await post(openToLoopback({ lookup }), `http://rebound.example.org:${port}/`)).toMatchObject({
      status: 200,
    });
    expect(asked).toBe(1);
    expect(hits.at(-1)?.headers['host']).toBe(`rebound.example.org:${port}`);
  });

  test('follows no redirect, keeps no cookie, and asks for nothing packed', async () => {
    const outbound = openToLoopback();
    answer = () => ({
      status: 307,
      headers: { location: `http://127.0.0.1:${port}/next`, 'set-cookie': 'a=1; Path=/' },
    });
    const before = hits.length;
    expect(await post(outbound, `http://127.0.0.1:${port}/`)).toMatchObject({ status: 307 });
    answer = () => ({ status: 200, headers: {} });
    await post(outbound, `http://127.0.0.1:${port}/`);
    expect(hits.length - before).toBe(2);
    expect(hits.at(-1)).toMatchObject({ method: 'POST', headers: { 'accept-encoding': 'identity' } });
    expect(hits.at(-1)?.headers).not.toHaveProperty('cookie');
  });

  test('takes no proxy from the environment', async () => {
    const names2 = [
      'HTTP_PROXY',
      'HTTPS_PROXY',
      'http_proxy',
      'https_proxy',
      'ALL_PROXY',
      'NODE_USE_ENV_PROXY',
    ];
    const kept = names2.map((name) => [name, process.env[name]] as const);
    for (const name of names2) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : 'http://127.0.0.1:9';
    try {
      expect(await post(openToLoopback(), `http://127.0.0.1:${port}/`)).toMatchObject({ status: 200 });
    } finally {
      for (const [name, value] of kept) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  test('ends at its time limit, whether the name, the connection or the answer does not come', async () => {
    const never = openToLoopback({ timeoutMs: 200, lookup: () => new Promise(() => {}) });
    expect(await post(never, 'https://slow.example.org/')).toMatchObject({
      error: 'it did not answer in time',
    });
    const sockets: Socket[] = [];
    const silent = createTcpServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
    const { port: quiet } = silent.address() as AddressInfo;
    for (const scheme of ['http', 'https']) {
      const found = await post(openToLoopback({ timeoutMs: 200 }), `${scheme}://127.0.0.1:${quiet}/`);
      expect(found).toMatchObject({ error: expect.stringMatching('in time') as string });
      expect(found.durationMs).toBeLessThan(20_000);
    }
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  test('says in words what went wrong, and nothing of this network', async () => {
    const closed = createTcpServer();
    await new Promise<void>((resolve) => void closed.listen(0, '127.0.0.1', resolve));
    const { port: gone } = closed.address() as AddressInfo;
    await new Promise((resolve) => void closed.close(resolve));
    expect(await post(openToLoopback(), `http://127.0.0.1:${gone}/`)).toMatchObject({
      error: 'the connection was refused',
    });
    expect(await post(open(), 'https://nowhere.example.org/')).toMatchObject({
      error: 'the name of its host was not found',
    });
    expect(await post(openToLoopback(), `https://127.0.0.1:${port}/`)).toMatchObject({
      error: 'no secure connection could be made',
    });
  });

  test.each([
    ['https://user@example.org/', 'its address must not hold a user name or password'],
    ['ftp://example.org/', 'its address must begin with https://'],
    ['https://example.org/#x', 'its address must not hold a fragment (#…)'],
  ])('does not go to %s', async (url, error) => {
    expect(await post(open(), url)).toMatchObject({ error });
  });
});
