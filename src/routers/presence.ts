import { z } from 'zod';
import { refuse } from '../authz/refuse.ts';
import { presenceLane } from '../domain/presence/PresenceBoards.ts';
import { typingLane } from '../domain/presence/Typing.ts';
import { LaneWatch } from '../events/watch.ts';
import { uuid } from '../views/columns.ts';
import { viewActorRef } from '../views/identity.ts';
import type { PresenceChange, TypingChange } from '../views/presence.ts';
import { assertThread, followPlace, placeOf, readSpot, setPlace } from './presencePlaces.ts';
import { line } from './freeText.ts';
import { project, router } from './trpc.ts';

/** A name for a tab or device that the client makes and keeps, such as a UUID. */
const placeId = z
  .string()
  .regex(/^[\w.-]{1,64}$/, 'Use 1 to 64 letters, digits, dots, underscores or hyphens.')
  .optional();

export const presence = router({
  /**
   * Says where the caller is in the project: `subject` is `file:<path>`, `thread:<id>`, or nothing for the project
   * as such. Each tab or device is a place of its own: its `placeId`, else the socket, else the session. A place
   * is kept while a `presence.watch` with that `placeId`, or the socket, is open; one that neither holds must be
   * said again within half a minute. `gone` leaves at once.
   */
  set: project.mutation(
    'presence.set',
    { subject: line(1100).nullish(), state: z.enum(['active', 'idle', 'gone']).default('active'), placeId },
    async ({ ctx, input }) => {
      const key = placeOf(ctx, input.placeId);
      if (input.state === 'gone') await ctx.presence.leave(key);
      else await setPlace(ctx, key, { ...(await readSpot(ctx, input.subject)), state: input.state });
      return { placeId: key.placeId };
    },
  ),

  /**
   * Who is here: first `{ type: 'snapshot', people }`, then `present` with the whole person whenever somebody comes
   * or moves, and `left`. With a `placeId` the caller is here too, for as long as it is open.
   */
  watch: project.subscription('presence.watch', { placeId }, async ({ ctx, input }) => {
    const { projectId } = ctx;
    const { boards } = ctx.presence;
    const place = await followPlace(ctx, input.placeId);
    return new LaneWatch<PresenceChange>(ctx.feed, {
      stream: `project:${projectId}`,
      lane: presenceLane,
      wants: () => true,
      snapshot: async (client) => [{ type: 'snapshot', people: await boards.people(projectId, client) }],
      reauthorizer: place.reauthorizer,
      opened: () => {
        const unfollow = boards.follow(projectId);
        const release = place.hold();
        return () => {
          release();
          unfollow();
        };
      },
    });
  }),

  /** Says that the caller types in a thread, for the next five seconds, or has stopped. Needs the right to comment. */
  typing: project.mutation(
    'presence.typing',
    { threadId: uuid, isTyping: z.boolean().default(true) },
    async ({ ctx, input: { threadId, isTyping } }) => {
      if (!ctx.access.can('comments.add')) refuse(ctx.access, 'comments.add');
      await assertThread(ctx, threadId);
      ctx.typing.say(ctx.projectId, { threadId, isTyping, actor: viewActorRef(ctx.actor) });
      return null;
    },
  ),

  /**
   * Who else types in the project's threads, or in one: first `{ type: 'snapshot', typing }`, then `started` and
   * `stopped` with thread and actor. Somebody of whom nothing more is heard has stopped after five seconds.
   */
  watchTyping: project.subscription(
    'presence.watchTyping',
    { threadId: uuid.optional() },
    async ({ ctx, input }) => {
      const { projectId, typing } = ctx;
      const { threadId } = input;
      const self = ctx.access.caller?.id;
      if (threadId !== undefined) await assertThread(ctx, threadId);
      const concerns = (one: { threadId: string; actor: { id: string } }) =>
        one.actor.id !== self && (threadId === undefined || one.threadId === threadId);
      return new LaneWatch<TypingChange>(ctx.feed, {
        stream: `project:${projectId}`,
        lane: typingLane,
        wants: (change) => change.type === 'snapshot' || concerns(change),
        snapshot: () =>
          Promise.resolve([{ type: 'snapshot', typing: typing.now(projectId).filter(concerns) }]),
        reauthorizer: ctx.reauthorizer('presence.watchTyping'),
      });
    },
  ),
});
