/** The whole API on one screen. */
import type { TRPCBuiltRouter, TRPCDecorateCreateRouterOptions } from '@trpc/server';
import { actors } from './actors.ts';
import { apiKeys } from './apiKeys.ts';
import { audit } from './audit.ts';
import { auth } from './auth.ts';
import { comments } from './comments.ts';
import type { ErrorShape } from './formatError.ts';
import { jobs } from './jobs.ts';
import { members } from './members.ts';
import { notifications } from './notifications.ts';
import { organizations } from './organizations.ts';
import { policies } from './policies.ts';
import { projects } from './projects.ts';
import { repositories } from './repositories.ts';
import { threads } from './threads.ts';
import { type Meta, router } from './trpc.ts';

const routers = {
  actors,
  apiKeys,
  audit,
  auth,
  comments,
  jobs,
  members,
  notifications,
  organizations,
  policies,
  projects,
  repositories,
  threads,
};

export const appRouter = router(routers);

/** What clients are typed by: the procedures, without the server's own context. */
export type AppRouter = TRPCBuiltRouter<
  { ctx: object; meta: Meta; errorShape: ErrorShape; transformer: true },
  TRPCDecorateCreateRouterOptions<typeof routers>
>;
