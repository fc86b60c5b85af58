import type { MikroORM } from '@mikro-orm/postgresql';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { systemCause, transact } from '../database/transaction.ts';
import { receiveWebhook } from '../domain/payments/receiveWebhook.ts';
import { type WebhookVerdict, verifyWebhook } from '../drivers/webhooks/standardWebhooks.ts';
import { fail } from '../errors.ts';
import { answerFailure } from './answerFailure.ts';

export interface InboundOptions {
  orm: MikroORM;
  log: Logger;
  settings: { POLAR_WEBHOOK_SECRET: readonly string[]; MAX_BODY_BYTES: number };
}

function refuse(is: Exclude<WebhookVerdict['is'], 'genuine'>): never {
  if (is === 'incomplete') return fail('WEBHOOK_INCOMPLETE');
  return fail(is === 'stale' ? 'WEBHOOK_STALE' : 'WEBHOOK_FORGED');
}

/**
 * Takes in what Polar sends to `POST /webhooks/polar`: checked over the bytes as they came, kept, and answered
 * before anything is done about it. A message that was received before is answered like a new one, for that is
 * how its sender learns to send it no more.
 */
export function serveWebhooks(app: FastifyInstance, { orm, log, settings }: InboundOptions): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: settings.MAX_BODY_BYTES },
      (_request, body, parsed) => parsed(null, body),
    );
    scope.setErrorHandler(async (error, request, reply) => {
      const failure = await answerFailure(reply, error, request.id);
      const entry = { code: failure.errorCode, webhookId: request.headers['webhook-id'] };
      if (failure.errorCode === 'INTERNAL')
        log.error({ ...entry, err: error }, 'a webhook could not be taken in');
      else log.warn(entry, 'a webhook was refused');
    });
    scope.post('/webhooks/polar', async (request, reply) => {
      if (settings.POLAR_WEBHOOK_SECRET.length === 0) fail('PAYMENTS_OFF');
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const verdict = verifyWebhook(settings.POLAR_WEBHOOK_SECRET, request.headers, body);
      if (verdict.is !== 'genuine') return refuse(verdict.is);
      const message = { provider: 'polar', webhookId: verdict.id, body: body.toString() };
      const isNew = await transact(orm, systemCause, (em) => receiveWebhook(em, message));
      return reply.code(202).send({ received: true, duplicate: !isNew });
    });
    done();
  });
}
