import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkRepositoryUrl, type RepositorySource } from '../../src/drivers/git/checkRepositoryUrl.ts';
import { makeCertificate } from './makeCertificate.ts';
import { createGitWorld, findTestProcesses, listEntries, type GitWorld } from './makeRepository.ts';

const host = 'repositories.invalid'; // RFC 2606: no name service knows it, so only the pin can lead there
const password = 'p4ss-w0rd';

/** Hands the request to git's own smart HTTP server (a CGI program, git-http-backend(1)). */
function serveGit(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '', 'https://x');
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      REQUEST_METHOD: request.method,
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers['content-type'],
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  request.pipe(backend.stdin);
  const chunks: Buffer[] = [];
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  backend.once('close', () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf('\r\n\r\n');
    for (const line of output.toString('latin1', 0, end).split('\r\n')) {
      const [name = '', value = ''] = line.split(': ');
      if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.end(output.subarray(end + 4));
  });
}

interface GitServer extends AsyncDisposable {
  port: number;
  caFile: string;
  source(path: string): RepositorySource;
  authorizations: (string | undefined)[];
}

async function startGitServer(world: GitWorld): Promise<GitServer> {
  const certificate = makeCertificate([host, 'localhost']);
  const caFile = join(world.root, 'ca.pem');
  await writeFile(caFile, certificate.cert);
  const authorizations: (string | undefined)[] = [];
  const server = createServer(certificate, (request, response) => {
    authorizations.push(request.headers.authorization);
    const right = `Basic ${Buffer.from(`reader:${password}`).toString('base64')}`;
    if (request.url?.startsWith('/moved/')) {
      response.writeHead(301, { location: request.url.replace('/moved/', '/') }).end();
    } else if (request.url?.startsWith('/private/')) {
      if (request.headers.authorization === right) {
        request.url = request.url.replace('/private/', '/');
        serveGit(world.allowed, request, response);
      } else response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    } else serveGit(world.allowed, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    caFile,
    authorizations,
    source: (path) => ({
      kind: 'https',
      url: `https://${host}:${port}${path}`,
      host,
      port,
      addresses: ['127.0.0.1'],
    }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('a repository behind https', () => {
  it('is fetched from the address that was checked, without asking the name service again', async () => {
    await using world = await createGitWorld();
    await using server = await startGitServer(world);
    await world.createRepository('a', { 'a.txt': '1' });
    await using mirror = await world.open('', { source: server.source('/a/.git'), caFile: server.caFile });
    expect((await listEntries(mirror)).map((entry) => entry.path)).toEqual(['a.txt']);
    await world.commitFiles(join(world.allowed, 'a'), { 'b.txt': '2' });
    await using second = await world.open('', { source: server.source('/a/.git'), caFile: server.caFile });
    expect(await listEntries(second)).toHaveLength(2);
  });

  it('on this machine is refused before anything is sent, unless the operator allows it', async () => {
    await using world = await createGitWorld();
    await using server = await startGitServer(world);
    await world.createRepository('a', { 'a.txt': '1' });
    const rules = { allowedPaths: [], dataDir: world.dataDir };
    for (const name of [
      'localhost',
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f.1',
      '[::ffff:127.0.0.1]',
      '[::1]',
      '0',
    ]) {
      const checking = checkRepositoryUrl(`https://${name}:${server.port}/a/.git`, rules);
      await expect(checking).rejects.toMatchObject({ errorCode: 'REPOSITORY_URL_REFUSED' });
    }
    expect(server.authorizations).toEqual([]);
    const allowed = { ...rules, allowedHosts: ['127.0.0.0/8', '::1'] };
    const source = await checkRepositoryUrl(`https://localhost:${server.port}/a/.git`, allowed);
    await using mirror = await world.open('', { source, caFile: server.caFile });
    expect(mirror.ref).toBe('refs/heads/main');
  });

  it('that is not there is said to be missing; so is a host that nobody knows', async () => {
    await using world = await createGitWorld();
    await using server = await startGitServer(world);
    const opening = world.open('', { source: server.source('/missing'), caFile: server.caFile });
    await expect(opening).rejects.toMatchObject({ errorCode: 'REPOSITORY_NOT_FOUND' });
    const checking = checkRepositoryUrl(`https://${host}/a`, { allowedPaths: [], dataDir: world.dataDir });
    // Without any name service at all, the answer is that the name could not be looked up.
    await expect(checking).rejects.toMatchObject({
      errorCode: expect.stringMatching(/^REPOSITORY_(NOT_FOUND|READ_FAILED)$/),
    });
  });

  it('that asks for credentials is read with those of the file, which stays as it was', async () => {
    await using world = await createGitWorld();
    await using server = await startGitServer(world);
    await world.createRepository('a', { 'a.txt': '1' });
    const source = server.source('/private/a/.git');
    const options = { source, caFile: server.caFile };
    await expect(world.open('', options)).rejects.toMatchObject({
      errorCode: 'REPOSITORY_NEEDS_CREDENTIALS',
    });

    const credentialsFile = join(world.root, "operator's credentials");
    const content = `https://reader:${password}@${host}%3a${server.port}\nhttps://x:y@elsewhere.invalid\n`;
    await writeFile(credentialsFile, content);
    await using mirror = await world.open('', { ...options, credentialsFile });
    expect(await listEntries(mirror)).toHaveLength(1);
    expect(await readFile(credentialsFile, 'utf8')).toBe(content);
    expect(readFileSync(join(mirror.dir, 'config'), 'utf8')).not.toContain(password);
  });

  it('that refuses the credentials gets them neither deleted nor shown', async () => {
    await using world = await createGitWorld();
    await using server = await startGitServer(world);
    await world.createRepository('a', { 'a.txt': '1' });
    const credentialsFile = join(world.root, 'credentials');
    const content = `https://reader:wrong-password@${host}%3a${server.port}\n`;
    await writeFile(credentialsFile, content);
    const source = server.source('/private/a/.git');
    const error = await world
      .open('', { source, caFile: server.caFile, credentialsFile })
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ errorCode: 'REPOSITORY_NEEDS_CREDENTIALS' });
    expect(server.authorizations.filter((header) => header !== undefined)).not.toEqual([]);
    const { cause } = error as Error & { cause: { stderr: string } };
    expect(`${String(error)} ${cause.stderr}`).not.toContain('wrong-password');
    expect(await readFile(credentialsFile, 'utf8')).toBe(content);
  });

  it('that redirects is not followed, and the reason says so', async () => {
    await using world = await createGitWorld();
    await using server = await startGitServer(world);
    await world.createRepository('a', { 'a.txt': '1' });
    const opening = world.open('', { source: server.source('/moved/a/.git'), caFile: server.caFile });
    await expect(opening).rejects.toMatchObject({ errorCode: 'REPOSITORY_READ_FAILED' });
    await expect(opening).rejects.toThrow('redirects to another address');
  });

  it('whose certificate nobody vouches for is not trusted', async () => {
    await using world = await createGitWorld();
    await using server = await startGitServer(world);
    await world.createRepository('a', { 'a.txt': '1' });
    await expect(world.open('', { source: server.source('/a/.git') })).rejects.toThrow(
      'certificate is not trusted',
    );
    expect(server.authorizations).toEqual([]);
  });

  it('that never answers is left when the job is aborted, with every process of git', async () => {
    await using world = await createGitWorld();
    const sockets: Socket[] = [];
    const silent = createTcpServer((socket) => sockets.push(socket.on('error', () => {})));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const aborting = new AbortController();
    const reason = new Error('cancelled by a person');
    const source: RepositorySource = {
      kind: 'https',
      url: `https://${host}:${port}/a`,
      host,
      port,
      addresses: ['127.0.0.1'],
    };
    const opening = world.open('', { source, signal: aborting.signal });
    await once(silent, 'connection');
    aborting.abort(reason);
    await expect(opening).rejects.toBe(reason);
    expect(findTestProcesses('cmdline', source.url)).toEqual([]);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
  });
});
