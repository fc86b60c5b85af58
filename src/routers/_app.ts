/** The whole API on one screen. */
import type { TRPCBuiltRouter, TRPCDecorateCreateRouterOptions } from '@trpc/server';
import { actors } from './actors.ts';
import { apiKeys } from './apiKeys.ts';
import { audit } from './audit.ts';
import { auth } from './auth.ts';
import type { ErrorShape } from './formatError.ts';
import { members } from './members.ts';
import { organizations } from './organizations.ts';
import { projects } from './projects.ts';
import { type Meta, router } from './trpc.ts';

const routers = {
  actors,
  apiKeys,
  audit,
  auth,
  members,
  organizations,
  projects,
};

export const appRouter = router(routers);

/** What clients are typed by: the procedures, without the server's own context. */
export type AppRouter = TRPCBuiltRouter<{ ctx: object; meta: Meta; errorShape: ErrorShape; transformer: true }, TRPCDecorateCreateRouterOptions<typeof routers>>;
