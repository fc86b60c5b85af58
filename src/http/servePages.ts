import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

/** Pages that links in mails and at the first start lead to; the token is in the fragment, which no log sees. */
const paths = ['/setup', '/verify', '/reset'];

const read = (name: string) => readFileSync(new URL(`pages/${name}`, import.meta.url));

/** Serves the small account pages; everything they do goes through procedures like any client's. */
export function servePages(app: FastifyInstance): void {
  const files = { page: read('account.html'), script: read('account.js'), style: read('account.css') };
  const headers = {
    'content-security-policy':
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-cache',
  };
  for (const path of paths)
    app.get(path, (_request, reply) =>
      reply.headers(headers).type('text/html; charset=utf-8').send(files.page),
    );
  app.get('/pages/account.js', (_request, reply) =>
    reply.headers(headers).type('text/javascript; charset=utf-8').send(files.script),
  );
  app.get('/pages/account.css', (_request, reply) =>
    reply.headers(headers).type('text/css; charset=utf-8').send(files.style),
  );
}
