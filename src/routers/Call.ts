import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import superjson from 'superjson';
import type { Access, Caller } from '../authz/Authorizer.ts';
import { type Cause, beforeCommit, transact } from '../database/transaction.ts';
import { refuse } from '../authz/refuse.ts';
import { fail } from '../errors.ts';
import { confirmAtEnd } from '../events/record.ts';
import type { Reauthorizer } from '../events/watch.ts';
import { claimMutation, storeMutationResult } from '../database/mutations.ts';
import type { Context } from './context.ts';

/** One authorised call: the services of the process, and what a resolver may know of its caller. */
export interface Call extends Context {
  /** What the caller may do in the project that was authorised. */
  readonly access: Access;
  /** The signed-in actor. @throws UNAUTHORIZED when there is none. */
  readonly actor: Caller;
  /** The project that was authorised: never taken from the raw input. */
  readonly projectId: string;
  /** Who causes what this call changes. */
  readonly cause: Cause;
  /** Re-decides a permission later, in the same project, for subscriptions. */
  reauthorizer(permission: string): Reauthorizer & { decide(): Promise<Access> };
  /**
   * Runs a verb in a transaction; `view` sees its result after the flush, and what it returns is what the
   * call answers. With a `mutationId` in the input, a retry gets the first answer instead of acting twice.
   * Who has lost the right by the time all is written is refused, and nothing is changed.
   * @param options.secret the answer holds a secret: it is not kept, and a retry is told so.
   * @param options.isRepeatable doing it twice is doing it once, so no hash of its input is kept either.
   * @throws MUTATION_ID_REUSED when the same id came with another call.
   */
  write<T, V>(
    verb: (em: EntityManager) => Promise<T>,
    view: (result: T, em: EntityManager) => V | Promise<V>,
    options?: { secret?: boolean; isRepeatable?: boolean },
  ): Promise<V>;
}

function readMutationId(input: unknown): string | null {
  const found =
    typeof input === 'object' && input !== null && 'mutationId' in input ? input.mutationId : null;
  return typeof found === 'string' ? found : null;
}

/**
 * Apart from the call, all of which a subscription would otherwise keep in memory for as long as it lives; and no
 * closure, which takes twice as much.
 */
class PermissionReauthorizer implements Reauthorizer {
  readonly #authorizer: Context['authorizer'];
  readonly #tokenHash: string | null;
  readonly #projectId: string | null;
  readonly #permission: string;
  readonly #wasSignedIn: boolean;

  constructor({ authorizer, origin }: Context, { projectId, caller }: Access, permission: string) {
    this.#authorizer = authorizer;
    this.#tokenHash = origin.tokenHash;
    this.#projectId = projectId;
    this.#permission = permission;
    this.#wasSignedIn = caller !== null;
  }

  async decide(): Promise<Access> {
    const now = await this.#authorizer.accessInBatch(this.#tokenHash, this.#projectId);
    const permission = this.#permission;
    if (now.can(permission)) return now;
    // Not NOT_FOUND: who was watching knows that the project is there.
    return now.caller || !this.#wasSignedIn ? fail('FORBIDDEN', { permission }) : fail('UNAUTHORIZED');
  }
}

/** Makes the call that a resolver works with, after `access` was decided for the procedure at `path`. */
export function makeCall(
  context: Context,
  access: Access,
  { path, permission: own }: { path: string; permission: string },
  input: unknown,
): Call {
  const { orm, authorizer, origin } = context;
  const { caller } = access;
  const mutationId = readMutationId(input);
  const cause: Cause = {
    actorId: caller?.id ?? null,
    via: caller?.apiKeyId ? 'api_key' : caller ? 'session' : 'system',
    requestId: origin.requestId,
    ipAddress: origin.ipAddress,
    userAgent: origin.userAgent,
    mutationId,
  };
  let hasJudgedGrants = false;
  /** Notes that something was granted, or refused, by the policy of when the call began. */
  const holds: Access['holds'] = (role) => {
    hasJudgedGrants = true;
    return access.holds(role);
  };
  /** Whether the call is still allowed, when anybody's access or the policy has changed since it was decided. */
  const confirm: Parameters<typeof confirmAtEnd>[1] = async ({ policyEpoch, accessEpoch }) => {
    if (policyEpoch <= access.policyEpoch && accessEpoch <= access.accessEpoch) return;
    const now = await authorizer.access(origin.tokenHash, access.projectId);
    if (!now.can(own)) refuse(now, own);
    // What it went by besides its permission (which roles may be granted, say) may no longer hold either.
    if (access.roles.some((role) => !now.roles.includes(role)))
      fail('CONFLICT', { reason: 'your roles were changed while the call was under way' });
    // By the policy as it is committed: what this call itself makes of it does not count.
    if (hasJudgedGrants && now.policyEpoch !== access.policyEpoch)
      fail('CONFLICT', {
        reason:
          'the permission policy, which says who may give what, was changed while the call was under way',
      });
  };
  return {
    ...context,
    access: { ...access, holds },
    cause,
    get actor() {
      return caller ?? fail('UNAUTHORIZED');
    },
    get projectId() {
      if (access.projectId === null) throw new Error(`${path} has no project scope`);
      return access.projectId;
    },
    reauthorizer: (permission) => new PermissionReauthorizer(context, access, permission),
    write: (verb, view, options = {}) =>
      transact(orm, cause, async (em) => {
        confirmAtEnd(em, confirm);
        const act = async () => {
          const result = await verb(em);
          await em.flush();
          return view(result, em);
        };
        if (!mutationId || !caller || options.isRepeatable) return act();
        const inputHash = createHash('sha256').update(superjson.stringify(input)).digest();
        const key = { actorId: caller.id, mutationId };
        const earlier = await claimMutation(em, { ...key, procedure: path, inputHash });
        if (earlier?.result === null) return fail('MUTATION_RESULT_SECRET');
        if (earlier) return superjson.parse(earlier.result);
        const answer = await act();
        if (!options.secret)
          beforeCommit(em, () => storeMutationResult(em, { ...key, result: superjson.stringify(answer) }));
        return answer;
      }),
  };
}
