import type { MikroORM } from '@mikro-orm/postgresql';
import type { FastifyInstance } from 'fastify';
import { systemCause, transact } from '../database/transaction.ts';
import { findTestPurchase, simulatePayment } from '../domain/payments/simulatePayment.ts';
import type { Transaction } from '../entities/credits/Transaction.ts';
import { fail } from '../errors.ts';
import { answerFailure } from './answerFailure.ts';

const headers = {
  'content-security-policy':
    "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; style-src 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Nothing in it is of anybody's making: numbers, a currency of three capitals, a status. */
function render({ id, creditsBought, amountCents, currency, status }: Transaction): string {
  const price = `${(amountCents / 100).toFixed(2)} ${currency}`;
  const action =
    status === 'pending'
      ? `<form method="post" action="/payments/test/${id}"><button>Pay ${price}</button></form>`
      : '';
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Test payment</title>
<h1>Test payment</h1><p>${creditsBought} credits for ${price}: ${status}. No money is moved.</p>${action}
<p><a href="/credits">Back to the credits</a></p></html>`;
}

/** The checkout of the test provider: a page with a button, which is there only where settings allow that provider. */
export function serveTestCheckout(app: FastifyInstance, { orm }: { orm: MikroORM }): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
    scope.setErrorHandler(async (error, request, reply) => {
      await answerFailure(reply, error, request.id);
    });
    const readId = (params: unknown): string => {
      const { id } = params as { id: string };
      return uuid.test(id) ? id : fail('NOT_FOUND', { thing: 'checkout' });
    };
    scope.get('/payments/test/:id', async ({ params }, reply) => {
      const id = readId(params);
      const found = await transact(orm, systemCause, (em) => findTestPurchase(em, id));
      return reply.headers(headers).type('text/html; charset=utf-8').send(render(found));
    });
    scope.post('/payments/test/:id', async ({ params }, reply) => {
      const id = readId(params);
      await transact(orm, systemCause, (em) => simulatePayment(em, id));
      return reply.redirect(`/payments/test/${id}`, 303);
    });
    done();
  });
}
