import type { MikroORM } from '@mikro-orm/postgresql';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { transact } from '../database/transaction.ts';
import { escapeHtml } from '../domain/notifications/escapeHtml.ts';
import { setDigest } from '../domain/notifications/setDigest.ts';
import { readUnsubscribeToken } from '../domain/notifications/unsubscribe.ts';
import type { SecretBox } from '../drivers/secrets/SecretBox.ts';
import { TesseraError } from '../errors.ts';
import { answerFailure } from './answerFailure.ts';

const headers = {
  'content-security-policy':
    "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

const page = (body: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Notification mails</title><h1>Notification mails</h1>${body}</html>`;

const done =
  '<p>You get no more mails about what you have not read. In your account you can turn them on again.</p>';
const unknown =
  '<p>This link is not one of ours, or no longer valid. Sign in, and turn the mails off in your account.</p>';

function readToken({ query }: FastifyRequest): string {
  const { token } = query as { token?: unknown };
  return typeof token === 'string' ? token : '';
}

/**
 * The door behind the links that end digest mails. Opening the link shows a button and changes nothing, for mail
 * scanners open every link; a POST ends them, as mail programs send it by themselves (RFC 8058), without a cookie.
 */
export function serveUnsubscribe(
  app: FastifyInstance,
  { orm, secrets }: { orm: MikroORM; secrets: SecretBox },
): void {
  void app.register((scope, _options, registered) => {
    scope.removeAllContentTypeParsers();
    // What is in it does not matter: that it came is enough.
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 4096 }, (_request, body, parsed) =>
      parsed(null, body),
    );
    scope.setErrorHandler(async (error, request, reply) => {
      await answerFailure(reply, error, request.id);
    });
    scope.get('/unsubscribe', (request, reply) => {
      const token = readToken(request);
      const isKnown = readUnsubscribeToken(secrets, token) !== undefined;
      const form = `<form method="post" action="/unsubscribe?token=${escapeHtml(encodeURIComponent(token))}">
<p>Do you want no more mails about what you have not read?</p><button>Turn them off</button></form>`;
      return reply
        .code(isKnown ? 200 : 404)
        .headers(headers)
        .type('text/html; charset=utf-8')
        .send(page(isKnown ? form : unknown));
    });
    scope.post('/unsubscribe', async (request, reply) => {
      const actorId = readUnsubscribeToken(secrets, readToken(request));
      reply.headers(headers).type('text/html; charset=utf-8');
      if (actorId === undefined) return reply.code(404).send(page(unknown));
      const cause = { actorId, via: 'system', requestId: request.id } as const;
      await transact(orm, cause, (em) => setDigest(em, actorId, { frequency: 'never' })).catch(
        (error: unknown) => {
          // Who is deleted gets none either.
          if (!(error instanceof TesseraError && error.errorCode === 'NOT_FOUND')) throw error;
        },
      );
      return reply.send(page(done));
    });
    registered();
  });
}
