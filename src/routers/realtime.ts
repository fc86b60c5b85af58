import { z } from 'zod';
import { fail } from '../errors.ts';
import { readEvents } from '../events/sql/readEvents.ts';
import { project, router } from './trpc.ts';

export const realtime = router({
  /**
   * What became of an event of the project's stream (without `seq`, of the last): when it was committed, and node by node when it was hinted
   * and read, to how many watchers it was sent and how long after the commit, in milliseconds. The node that is
   * asked comes first; the others are asked over the bus, and those that answer within half a second follow. A
   * node remembers its last 5,000 events, and those alone that somebody watched there. Moments are those of the
   * node's clock, `createdAt` is the database's.
   */
  trace: project.query('realtime.trace', { seq: z.int().min(1).optional() }, async ({ ctx, input }) => {
    const stream = `project:${ctx.projectId}` as const;
    const wanted = input.seq ?? (await readEvents(ctx.reads, stream, Number.MAX_SAFE_INTEGER, 1)).head;
    const { events, head } = await readEvents(ctx.reads, stream, wanted - 1, 1);
    const [event] = events;
    if (event?.seq !== wanted) return fail('NOT_FOUND', { thing: 'event' });
    const { seq, type, subject, actorId, mutationId, createdAt } = event;
    return {
      event: { seq, type, subject, actorId, mutationId, createdAt },
      /** Seq of the stream's last event. */
      head,
      nodes: await ctx.traces.ask(stream, seq),
    };
  }),
});
