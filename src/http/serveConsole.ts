import { createHash, randomBytes } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

type Encoding = 'br' | 'gzip';
const suffixes: Record<Encoding, string> = { br: '.br', gzip: '.gz' };

interface Asset {
  type: string;
  etag: string;
  body: Buffer;
  /** The body as the build compressed it. */
  encoded: Partial<Record<Encoding, Buffer>>;
}

interface Console {
  /** The page, with `nonceMark` where the nonce of each answer goes. */
  page: string;
  /** By path, such as `/assets/index-a1b2c3.js`. */
  assets: ReadonlyMap<string, Asset>;
}

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
};

const nonceMark = '<meta name="style-nonce" content=""';

/** Sent with everything: nothing is taken for what it is not, and no address leaks. */
const always = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };

/**
 * What the page may load: its own files, sockets to its own host, and the style elements that carry this answer's
 * nonce (the component kit writes its theme into one). No script in the page itself, no other site, no frame.
 * @param host of the request: not every browser takes `'self'` to cover WebSockets
 */
function contentPolicy(nonce: string, host: string | undefined): string {
  const sockets = /^[\w.:[\]-]+$/.test(host ?? '') ? ` ws://${host} wss://${host}` : '';
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    `connect-src 'self'${sockets}`,
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

async function readAsset(path: string): Promise<Asset> {
  const body = await readFile(path);
  const encoded: Asset['encoded'] = {};
  for (const [encoding, suffix] of Object.entries(suffixes) as [Encoding, string][]) {
    const compressed = await readFile(path + suffix).catch(() => undefined);
    if (compressed && compressed.length < body.length) encoded[encoding] = compressed;
  }
  const etag = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  return { type: types[extname(path)] ?? 'application/octet-stream', etag, body, encoded };
}

/** Reads what was built, all of it: a megabyte or two. Undefined: nothing was built. */
async function readConsole(dir: string): Promise<Console | undefined> {
  const page = await readFile(join(dir, 'index.html'), 'utf8').catch(() => undefined);
  if (page === undefined) return undefined;
  const names = await readdir(dir, { recursive: true, withFileTypes: true });
  const paths = names
    .filter((entry) => entry.isFile() && !/\.(br|gz|html)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  const assets = await Promise.all(
    paths.map(async (path) => [path.slice(dir.length).replaceAll(sep, '/'), await readAsset(path)] as const),
  );
  return { page, assets: new Map(assets) };
}

function sendAsset(request: FastifyRequest, reply: FastifyReply, path: string, asset: Asset): FastifyReply {
  // The names of built files change with what is in them.
  const lasting = path.startsWith('/assets/');
  const accepted = request.headers['accept-encoding'] ?? '';
  const encoding = (['br', 'gzip'] as const).find(
    (name) => asset.encoded[name] && new RegExp(`\\b${name}\\b(?!\\s*;\\s*q=0(\\.0*)?(,|$))`).test(accepted),
  );
  const etag = `"${asset.etag}${encoding ? `-${encoding}` : ''}"`;
  void reply.headers({
    ...always,
    etag,
    vary: 'accept-encoding',
    'cache-control': lasting ? 'public, max-age=31536000, immutable' : 'no-cache',
    // A picture that is opened by itself runs nothing; a worker loads scripts of ours.
    'content-security-policy': `default-src 'none'${path.endsWith('.js') ? "; script-src 'self'" : ''}`,
  });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  if (encoding) void reply.header('content-encoding', encoding);
  return reply.type(asset.type).send((encoding && asset.encoded[encoding]) ?? asset.body);
}

/** The page differs in each answer by its nonce, so it is never kept; it is a kilobyte. */
function sendPage(request: FastifyRequest, reply: FastifyReply, page: string): FastifyReply {
  const nonce = randomBytes(16).toString('base64url');
  return reply
    .headers({
      ...always,
      'cache-control': 'no-cache',
      vary: 'accept',
      'content-security-policy': contentPolicy(nonce, request.headers.host),
      'cross-origin-opener-policy': 'same-origin',
    })
    .type('text/html; charset=utf-8')
    .send(page.replace(nonceMark, `${nonceMark.slice(0, -1)}${nonce}"`));
}

const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Tessera</title>
<h1>The console is not built</h1>
<p>Run <code>npm run build -w web</code> in the checkout, and load this page again. Procedures at <code>/trpc</code> work without it.</p>
</html>`;

/**
 * Serves the console that was built into `dir`: its files, and its page at every other path that a browser
 * navigates to, for its routes are the page's own business. Programs, which do not ask for HTML, get what the
 * server answers otherwise.
 */
export function serveConsole(app: FastifyInstance, dir: string): void {
  let built: Promise<Console | undefined> | undefined;
  const read = async () => {
    built ??= readConsole(dir);
    const found = await built;
    // It may be built while the server runs.
    if (!found) built = undefined;
    return found;
  };
  app.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    const path = request.url.split('?', 1)[0] ?? '/';
    const asset = (await read())?.assets.get(path);
    if (asset) return sendAsset(request, reply, path, asset);
    const isNavigation = (request.headers.accept ?? '').includes('text/html');
    const isOfServer = !request.is404 && path !== '/';
    if (!isNavigation || isOfServer || path.startsWith('/assets/')) return undefined;
    const found = await read();
    if (found) return sendPage(request, reply, found.page);
    return reply.code(503).headers(always).type('text/html; charset=utf-8').send(notBuilt);
  });
}
