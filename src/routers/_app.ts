/** The whole API on one screen. */
import type { TRPCBuiltRouter, TRPCDecorateCreateRouterOptions } from '@trpc/server';
import { audit } from './audit.ts';
import type { ErrorShape } from './formatError.ts';
import { members } from './members.ts';
import { projects } from './projects.ts';
import { type Meta, router } from './trpc.ts';

const routers = {
  audit,
  members,
  projects,
};

export const appRouter = router(routers);

/** What clients are typed by: the procedures, without the server's own context. */
export type AppRouter = TRPCBuiltRouter<{ ctx: object; meta: Meta; errorShape: ErrorShape; transformer: true }, TRPCDecorateCreateRouterOptions<typeof routers>>;
