/** Procedures for the gateway's tests: those that watch, and those that answer much, late or with an error. */
import { tracked } from '@trpc/server';
import { z } from 'zod';
import { LaneWatch, LogWatch } from '../../src/events/watch.ts';
import { project, router } from '../../src/routers/trpc.ts';

interface LaneEntry {
  jobId: string;
  progress: number;
  updatedAt: Date;
}

/** What the tests do in the middle of a call, by name. */
export const hooks: { slow?: Promise<unknown> } = {};
/** How often the procedures below have begun, by name; a test that reads one sets it to 0 first. */
export const begun = { slow: 0, large: 0, bulky: 0 };

export const testRouter = router({
  test: router({
    watch: project.subscription('projects.watch', { threadId: z.uuid().optional() }, ({ ctx, input }) => {
      const { projectId } = ctx;
      return new LogWatch(ctx.feed, {
        stream: `project:${projectId}`,
        wants: ({ subject }) => input.threadId === undefined || subject === `thread:${input.threadId}`,
        snapshot: async (client) => {
          const { rows } = await client.query<{ count: string }>(
            'select count(*) from events where stream = $1',
            [`project:${projectId}`],
          );
          return { count: Number(rows[0]?.count) };
        },
        reauthorizer: ctx.reauthorizer('projects.watch'),
        lastEventId: input.lastEventId ?? undefined,
      });
    }),
    lane: project.subscription('jobs.watch', {}, ({ ctx }) => {
      return new LaneWatch<LaneEntry>(ctx.feed, {
        stream: `project:${ctx.projectId}`,
        lane: 'jobs',
        wants: () => true,
        snapshot: async () => [{ jobId: 'first', progress: 1, updatedAt: new Date(0) }],
        reauthorizer: ctx.reauthorizer('jobs.watch'),
      });
    }),
    count: project.subscription(
      'projects.get',
      { to: z.number(), failAt: z.number().optional() },
      async function* ({ input }) {
        for (let n = 1; n <= input.to; n += 1) {
          if (n === input.failAt) throw new Error('a secret of the server');
          yield tracked(String(n), { n });
        }
      } as (options: { input: { to: number; failAt?: number | undefined } }) => AsyncGenerator,
    ),
    echo: project.query(
      'projects.get',
      { text: z.string().optional(), at: z.date().optional() },
      ({ input }) => ({ ...input }),
    ),
    bulky: project.subscription('projects.watch', { bytes: z.number() }, ({ ctx, input }) => {
      return new LogWatch(ctx.feed, {
        stream: `project:${ctx.projectId}`,
        wants: () => true,
        snapshot: async () => {
          begun.bulky += 1;
          return { bulk: 'x'.repeat(input.bytes) };
        },
        reauthorizer: ctx.reauthorizer('projects.watch'),
        lastEventId: input.lastEventId ?? undefined,
      });
    }),
    large: project.query('projects.get', { bytes: z.number() }, ({ input }) => {
      begun.large += 1;
      return 'x'.repeat(input.bytes);
    }),
    slow: project.query('projects.get', {}, async () => {
      begun.slow += 1;
      await hooks.slow;
      return 'done';
    }),
    touch: project.mutation('projects.get', {}, ({ ctx }) => ctx.actor.username),
  }),
});
