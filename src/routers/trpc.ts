/**
 * The only place that builds procedures. Its builders take the permission first and the whole input at
 * once, so a procedure without permission cannot be written, and no parser can run after authorisation.
 */
import {
  initTRPC,
  type TrackedEnvelope,
  type TRPCMutationProcedure,
  type TRPCQueryProcedure,
  type TRPCSubscriptionProcedure,
} from '@trpc/server';
import { z } from 'zod';
import { type Call, makeCall } from './Call.ts';
import { uuid } from '../views/columns.ts';
import type { Context } from './context.ts';
import { freeText } from './freeText.ts';
import { describeFailure } from './describeFailure.ts';
import { formatError, toTesseraError } from './formatError.ts';
import { noteDenial, noteRefusal } from './noteDenial.ts';
import { transformer } from './transformer.ts';

/** `project`: the input has a projectId, and roles there count. `instance`: only roles held everywhere count. */
export type Scope = 'project' | 'instance';
export interface Meta {
  /** `router.procedure`. */
  permission: string;
  scope: Scope;
}

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    transformer,
    errorFormatter: formatError,
    isDev: false,
    sse: { ping: { enabled: true, intervalMs: 15_000 } },
  });

export const router = t.router;

/** A procedure, as far as administrators are told of it. */
export interface ProcedureEntry extends Meta {
  kind: 'query' | 'mutation' | 'subscription';
}
const built = new Map<string, ProcedureEntry>();
/** By permission; all there are, once the modules of the routers are loaded. */
export const procedures: ReadonlyMap<string, ProcedureEntry> = built;
/** Whether the procedure of this name is called in a project. */
export const isInProject = (permission: string): boolean => built.get(permission)?.scope === 'project';

/** Present in every mutation: a retry with the same id gets the first answer instead of acting twice. */
const mutationId = freeText(256, 1).max(64).optional();
/** tRPC puts the cursor of the last tracked event here when a subscription resumes. */
const lastEventId = z.string().max(64).nullish();
const projectId = uuid;

type Shape = z.ZodRawShape;
type Schema<S extends Shape> = z.ZodObject<S>;
type Parsed<S extends Shape> = z.output<Schema<S>>;
/** What the caller gives; where nothing is required, the input may be left out. */
type Given<S extends Shape> =
  Record<never, never> extends z.input<Schema<S>> ? z.input<Schema<S>> | undefined : z.input<Schema<S>>;
type Resolve<S extends Shape, O> = (options: { ctx: Call; input: Parsed<S> }) => O | Promise<O>;
/** What clients see: of a tracked event its cursor and data, as tRPC's own inference has it. */
type Yielded<W> =
  W extends AsyncIterable<infer T>
    ? AsyncIterable<T extends TrackedEnvelope<infer D> ? { id: string; data: D } : T>
    : never;

type MutationId = { mutationId: typeof mutationId };
type LastEventId = { lastEventId: typeof lastEventId };

interface Builders<Base extends Shape> {
  query<S extends Shape, O>(
    permission: string,
    shape: S,
    resolve: Resolve<Base & S, O>,
  ): TRPCQueryProcedure<{ input: Given<Base & S>; output: O; meta: Meta }>;
  mutation<S extends Shape, O>(
    permission: string,
    shape: S,
    resolve: Resolve<Base & S & MutationId, O>,
  ): TRPCMutationProcedure<{ input: Given<Base & S & MutationId>; output: O; meta: Meta }>;
  subscription<S extends Shape, W extends AsyncIterable<unknown>>(
    permission: string,
    shape: S,
    resolve: Resolve<Base & S & LastEventId, W>,
  ): TRPCSubscriptionProcedure<{ input: Given<Base & S & LastEventId>; output: Yielded<W>; meta: Meta }>;
}

/** Counts and logs every call, refused ones included: the steps after this one return failures, they do not throw. */
const observed = t.procedure.use(async ({ ctx, path, next }) => {
  const began = performance.now();
  const result = await next();
  const seconds = (performance.now() - began) / 1000;
  const error = result.ok ? undefined : toTesseraError(result.error, ctx.origin.requestId);
  const outcome = error?.errorCode ?? 'ok';
  ctx.observeCall(path, outcome, seconds);
  const entry = {
    requestId: ctx.origin.requestId,
    procedure: path,
    outcome,
    ms: Math.round(seconds * 1e5) / 100,
  };
  if (error?.errorCode === 'INTERNAL')
    ctx.log.error({ ...entry, failure: describeFailure(error.cause) }, 'a call failed');
  else ctx.log.debug(entry, 'call');
  return result;
});

function procedure(scope: Scope, kind: ProcedureEntry['kind'], permission: string, shape: Shape) {
  built.set(permission, { permission, scope, kind });
  return observed
    .meta({ permission, scope })
    .input(z.object(shape).prefault({}))
    .use(async ({ ctx, input, path, next }) => {
      const given = (input as { projectId?: unknown }).projectId;
      const project = scope === 'project' && typeof given === 'string' ? given : null;
      const { tokenHash } = ctx.origin;
      const access = await ctx.authorizer.authorize(tokenHash, permission, project, (denied) =>
        noteDenial(ctx, denied, permission),
      );
      const result = await next({ ctx: { call: makeCall(ctx, access, { path, permission }, input) } });
      if (!result.ok) noteRefusal(ctx, access, permission, result.error);
      return result;
    });
}

function buildersFor<Base extends Shape>(scope: Scope, base: Base): Builders<Base> {
  // The types stand in Builders: spelled out once, instead of inferred through tRPC's chain for every procedure.
  const resolver =
    (resolve: unknown) =>
    ({ ctx, input }: { ctx: { call: Call }; input: unknown }) =>
      (resolve as (options: { ctx: Call; input: unknown }) => never)({ ctx: ctx.call, input });
  return {
    query: (permission, shape, resolve) =>
      procedure(scope, 'query', permission, { ...base, ...shape }).query(resolver(resolve)) as never,
    mutation: (permission, shape, resolve) =>
      procedure(scope, 'mutation', permission, { ...base, ...shape, mutationId }).mutation(
        resolver(resolve),
      ) as never,
    subscription: (permission, shape, resolve) =>
      procedure(scope, 'subscription', permission, { ...base, ...shape, lastEventId }).subscription(
        resolver(resolve),
      ) as never,
  };
}

/** Procedures inside a project: `projectId` is part of every input. */
export const project = buildersFor('project', { projectId });
/** Procedures outside any project. */
export const instance = buildersFor('instance', {});
