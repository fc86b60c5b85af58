import type { MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Authorizer } from '../authz/Authorizer.ts';
import { type Cause, transact } from '../database/transaction.ts';
import { disableWebhook } from '../domain/webhooks/disableWebhook.ts';
import { pingType } from '../domain/webhooks/eventTypes.ts';
import { describeAnswer, judgeAnswer } from '../domain/webhooks/judgeAnswer.ts';
import { openSecrets } from '../domain/webhooks/makeSecret.ts';
import { selectAllowed } from '../domain/webhooks/selectAllowed.ts';
import { beginAttempts } from '../domain/webhooks/sql/beginAttempts.ts';
import { type Claimed, claimDeliveries, mostAtOnce } from '../domain/webhooks/sql/claimDeliveries.ts';
import { recordAttempt } from '../domain/webhooks/sql/recordAttempt.ts';
import { noteFailure, noteRecovery } from '../domain/webhooks/sql/recordHealth.ts';
import { forbidDeliveries, handBackDeliveries } from '../domain/webhooks/sql/returnDeliveries.ts';
import type { Answer, Outbound } from '../drivers/outbound/Outbound.ts';
import type { SecretBox } from '../drivers/secrets/SecretBox.ts';
import { signWebhook } from '../drivers/webhooks/standardWebhooks.ts';

export interface CourierOptions {
  orm: MikroORM;
  /** Connections to the primary. */
  pool: pg.Pool;
  authorizer: Authorizer;
  secrets: SecretBox;
  outbound: Outbound;
  log: Logger;
  /** Deliveries under way at once, at most. */
  concurrency: number;
  /** Milliseconds that a stop waits for answers. */
  stopMs: number;
  /** Counts an attempt by what came of it. */
  count: (outcome: 'delivered' | 'retried' | 'failed' | 'forbidden') => void;
  /** Milliseconds between two looks for what is due. Default: 1,000. */
  pollMs?: number;
}

const cause: Cause = { actorId: null, via: 'worker' };
/** Of all places, those that webhooks which failed last may take: each of their attempts may last its full time. */
const troubledShare = 0.5;

/** Sends what waits for webhooks. Any number of workers may do so: each delivery is one worker's at a time. */
export class Courier {
  readonly #options: CourierOptions;
  readonly #underWay = new Map<Claimed, Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #round: Promise<void> | undefined;
  #isAsked = false;
  #isClosed = false;

  constructor(options: CourierOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.wake(), options.pollMs ?? 1_000);
    this.wake();
  }

  /** Deliveries under way. */
  get size(): number {
    return this.#underWay.size;
  }

  /** Something is due, or may be. */
  wake(): void {
    this.#isAsked = true;
    if (this.#isClosed) return;
    this.#round ??= this.#look().finally(() => {
      this.#round = undefined;
      if (this.#isAsked) this.wake();
    });
  }

  /** Begins nothing more, waits a while for answers, and gives back what has none by then. */
  async stop(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    const timer = setTimeout(() => this.#stopping.abort(), this.#options.stopMs);
    await this.#round;
    await Promise.all(this.#underWay.values());
    clearTimeout(timer);
  }

  async #look(): Promise<void> {
    const { concurrency, log } = this.#options;
    try {
      while (this.#isAsked && !this.#isClosed) {
        this.#isAsked = false;
        const troubled = [...this.#underWay.keys()].filter(({ isTroubled }) => isTroubled).length;
        await this.#take(false, concurrency - this.#underWay.size);
        const places = Math.floor(concurrency * troubledShare) - troubled;
        await this.#take(true, Math.min(places, concurrency - this.#underWay.size));
      }
    } catch (error) {
      log.warn({ err: error }, 'looking for webhooks to send failed; it is tried again');
    }
  }

  async #take(isFailing: boolean, limit: number): Promise<void> {
    if (limit <= 0 || this.#isClosed) return;
    const { pool } = this.#options;
    const claimed = await claimDeliveries(pool, { limit, isFailing, except: this.#fullyServed() });
    if (claimed.length === 0) return;
    // There may be more that is due.
    this.#isAsked = true;
    try {
      for (const delivery of await this.#choose(claimed)) this.#begin(delivery);
    } catch (error) {
      await handBackDeliveries(pool, claimed);
      throw error;
    }
  }

  /** Leaves out what may not be sent, and says why; of the others the log says that they begin. */
  async #choose(claimed: readonly Claimed[]): Promise<Claimed[]> {
    const { pool, authorizer, count } = this.#options;
    const allowed = await selectAllowed(authorizer, claimed);
    const forbidden = claimed.filter((delivery) => !allowed.has(delivery));
    if (forbidden.length > 0) await forbidDeliveries(pool, forbidden);
    for (const _ of forbidden) count('forbidden');
    if (allowed.size > 0) await beginAttempts(pool, [...allowed]);
    return claimed.filter((delivery) => allowed.has(delivery));
  }

  /** Webhooks that this worker alone gives all that they may have. */
  #fullyServed(): string[] {
    const byWebhook = Map.groupBy(this.#underWay.keys(), ({ webhookId }) => webhookId);
    return [...byWebhook].flatMap(([id, { length }]) => (length >= mostAtOnce ? id : []));
  }

  #begin(delivery: Claimed): void {
    const work = this.#deliver(delivery)
      .catch((error: unknown) =>
        // Its lease ends, and it is sent again under the same id.
        this.#options.log.error(
          { err: error, deliveryId: delivery.id },
          'what became of a delivery could not be written',
        ),
      )
      .finally(() => {
        this.#underWay.delete(delivery);
        this.wake();
      });
    this.#underWay.set(delivery, work);
  }

  async #deliver(delivery: Claimed): Promise<void> {
    const { pool, count } = this.#options;
    const { answer, isOurFault } = await this.#send(delivery);
    if ('error' in answer && this.#stopping.signal.aborted) return handBackDeliveries(pool, [delivery]);
    const verdict = judgeAnswer(delivery, answer, { now: Date.now(), random: Math.random() });
    const isAnswer = 'status' in answer;
    await recordAttempt(pool, {
      id: delivery.id,
      attempts: delivery.attempts,
      verdict,
      durationMs: answer.durationMs,
      httpStatus: isAnswer ? answer.status : null,
      errorMessage: describeAnswer(answer),
      responseBody: isAnswer ? answer.excerpt : null,
    });
    count(verdict.isDelivered ? 'delivered' : verdict.failure === null ? 'retried' : 'failed');
    const { webhookId, isTroubled, eventType } = delivery;
    if (verdict.isDelivered) {
      if (isTroubled) await noteRecovery(pool, webhookId);
    } else if (verdict.failure === 'gone') {
      await this.#disable(webhookId, 'gone');
    } else {
      const counts = !isOurFault && eventType !== pingType;
      const isOver = await noteFailure(pool, webhookId, { counts, holdMs: verdict.holdMs });
      if (isOver) await this.#disable(webhookId, 'failing');
    }
  }

  async #disable(webhookId: string, reason: 'gone' | 'failing'): Promise<void> {
    await transact(this.#options.orm, cause, (em) => disableWebhook(em, webhookId, reason));
  }

  /** Signs the stored bytes anew, with the time of this attempt, and sends them. */
  async #send(delivery: Claimed): Promise<{ answer: Answer; isOurFault: boolean }> {
    const { outbound, secrets, log } = this.#options;
    const { id, url, eventType } = delivery;
    const body = Buffer.from(delivery.body);
    const timestamp = Math.floor(Date.now() / 1000);
    let signature: string;
    try {
      signature = signWebhook(openSecrets(secrets, delivery), { id, timestamp, body });
    } catch (error) {
      log.error({ err: error, webhookId: delivery.webhookId }, 'the secret of a webhook cannot be opened');
      const answer = { error: 'its secret cannot be opened on this server', durationMs: 0 };
      return { answer, isOurFault: true };
    }
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Tessera-Webhooks/1',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signature,
      'tessera-event': eventType,
    };
    const answer = await outbound.post(url, { headers, body }, this.#stopping.signal);
    return { answer, isOurFault: false };
  }
}
