import { expect, test } from 'vitest';
import { type ThreadsState, type Watched, applyToThreads } from '../../../client/src/index.ts';

type Event = Watched<'threads'>;
type Shown = ThreadsState['threads'][number];

const shownAt = (minute: number, reactions: Shown['comments'][number]['reactions'] = []): Shown => ({
  thread: { id: `thread ${minute}`, createdAt: new Date(minute * 60_000), status: 'open' } as Shown['thread'],
  comments: [
    { id: `comment ${minute}`, threadId: `thread ${minute}`, body: 'before', reactions },
  ] as unknown as Shown['comments'],
  hasEarlierComments: false,
});
const event = (type: Event['type'], payload: object) => ({ type, seq: 1, payload }) as unknown as Event;

test('a thread beyond those that are shown is left to the list, where it would leave a hole', () => {
  const state: ThreadsState = { threads: [shownAt(9), shownAt(8)], hasMoreThreads: true };
  const older = event('thread.resolved', shownAt(3).thread);
  expect(applyToThreads(state, older)).toBe(state);
  const whole = { ...state, hasMoreThreads: false };
  expect(applyToThreads(whole, older).threads.map(({ thread }) => thread.id)).toEqual([
    'thread 9',
    'thread 8',
    'thread 3',
  ]);
});

test('an edit does not undo a reaction that came while it was made', () => {
  const reactions = [{ emoji: '👍', actorIds: ['ada'] }];
  const state: ThreadsState = { threads: [shownAt(1, reactions)], hasMoreThreads: false };
  const edited = { ...shownAt(1).comments[0], body: 'after' };
  const [shown] = applyToThreads(state, event('comment.edited', edited)).threads;
  expect(shown?.comments[0]).toMatchObject({ body: 'after', reactions });
  expect(state.threads[0]?.comments[0]?.body).toBe('before');
});

test('a resync replaces everything, a checkpoint nothing', () => {
  const state: ThreadsState = { threads: [shownAt(1)], hasMoreThreads: true };
  const resync: Event = { type: 'resync', reason: 'epoch', seq: 5, threads: [], hasMoreThreads: false };
  expect(applyToThreads(state, resync)).toEqual({ threads: [], hasMoreThreads: false });
  expect(applyToThreads(state, { type: 'checkpoint', seq: 5 })).toBe(state);
});

test('an event without the snapshot that it changes is refused', () => {
  expect(() => applyToThreads(undefined, event('thread.deleted', shownAt(1).thread))).toThrow(
    'before the snapshot',
  );
});
