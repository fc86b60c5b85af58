import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import superjson from 'superjson';
import type { Access, Caller } from '../authz/Authorizer.ts';
import { type Cause, beforeCommit, transact } from '../database/transaction.ts';
import { fail } from '../errors.ts';
import { claimMutation, storeMutationResult } from '../database/mutations.ts';
import type { Context, Services, CallOrigin } from './context.ts';

/** One authorised call: what a resolver works with. */
export class Call implements Services {
  readonly settings: Context['settings'];
  readonly log: Context['log'];
  readonly orm: Context['orm'];
  readonly reads: Context['reads'];
  readonly authorizer: Context['authorizer'];
  readonly feed: Context['feed'];
  readonly storage: Context['storage'];
  readonly publicUrl: string;
  readonly origin: CallOrigin;
  /** What the caller may do in the project that was authorised. */
  readonly access: Access;
  readonly #path: string;
  readonly #input: unknown;

  constructor(ctx: Context, access: Access, path: string, input: unknown) {
    this.settings = ctx.settings;
    this.log = ctx.log;
    this.orm = ctx.orm;
    this.reads = ctx.reads;
    this.authorizer = ctx.authorizer;
    this.feed = ctx.feed;
    this.storage = ctx.storage;
    this.publicUrl = ctx.publicUrl;
    this.origin = ctx.origin;
    this.access = access;
    this.#path = path;
    this.#input = input;
  }

  /** The signed-in actor. @throws UNAUTHORIZED when there is none. */
  get actor(): Caller {
    return this.access.caller ?? fail('UNAUTHORIZED');
  }

  /** The project that was authorised: never taken from the raw input. */
  get projectId(): string {
    if (this.access.projectId === null) throw new Error(`${this.#path} has no project scope`);
    return this.access.projectId;
  }

  /** Who causes what this call changes. */
  get cause(): Cause {
    const { caller } = this.access;
    return {
      actorId: caller?.id ?? null,
      via: caller?.apiKeyId ? 'api_key' : caller ? 'session' : 'system',
      requestId: this.origin.requestId,
      ipAddress: this.origin.ipAddress,
      userAgent: this.origin.userAgent,
      mutationId: this.#mutationId,
    };
  }

  get #mutationId(): string | null {
    const input = this.#input;
    return typeof input === 'object' && input !== null && 'mutationId' in input && typeof input.mutationId === 'string'
      ? input.mutationId
      : null;
  }

  /** Re-decides this call's permission later, for subscriptions. */
  reauthorize(permission: string): () => Promise<Access> {
    const { authorizer, origin, access } = this;
    return () => authorizer.authorize(origin.tokenHash, permission, access.projectId);
  }

  /**
   * Runs a verb in a transaction; `view` sees its result after the flush, and what it returns is what the
   * call answers. With a `mutationId` in the input, a retry gets the first answer instead of acting twice.
   * @param options.secret the answer holds a secret: it is not kept, and a retry is told so.
   * @throws MUTATION_ID_REUSED when the same id came with another call.
   */
  async write<T, V>(
    verb: (em: EntityManager) => Promise<T>,
    view: (result: T, em: EntityManager) => V | Promise<V>,
    options: { secret?: boolean } = {},
  ): Promise<V> {
    const mutationId = this.#mutationId;
    const actorId = this.access.caller?.id;
    return transact(this.orm, this.cause, async (em) => {
      if (!mutationId || !actorId) {
        const result = await verb(em);
        await em.flush();
        return view(result, em);
      }
      const inputHash = createHash('sha256').update(superjson.stringify(this.#input)).digest();
      const earlier = await claimMutation(em, { actorId, mutationId, procedure: this.#path, inputHash });
      if (earlier) {
        if (earlier.result === null) return fail('MUTATION_RESULT_SECRET');
        return superjson.parse<V>(earlier.result);
      }
      const result = await verb(em);
      await em.flush();
      const answer = await view(result, em);
      if (!options.secret) {
        beforeCommit(em, () => storeMutationResult(em, { actorId, mutationId, result: superjson.stringify(answer) }));
      }
      return answer;
    });
  }
}
