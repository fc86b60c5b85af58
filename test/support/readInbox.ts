/** What people were told by the follower of the log, which acts a moment after the change. */
import { type Frames, collectFrames } from './collectFrames.ts';
import type { Person } from './server.ts';

export interface Told {
  id: string;
  type: string;
  title: string;
  message: string;
  subject: string;
  payload: Record<string, unknown>;
}
interface Frame {
  type: string;
  payload?: Told;
  notifications?: Told[];
}

let marks = 0;

function watchInbox(person: Person): Frames<Frame> {
  return collectFrames<Frame>((on) => person.client.notifications.watch.subscribe({}, on));
}

/**
 * What a person was told in the project until now, oldest first, without being added to it. Events are
 * followed in order, so when a mention that `by` makes now has arrived, everything before has.
 */
export async function readInbox(projectId: string, person: Person, by: Person): Promise<Told[]> {
  marks += 1;
  const mark = `mark ${marks}.`;
  const watching = watchInbox(person);
  await watching.until((frame) => frame.type === 'snapshot');
  await by.client.threads.create.mutate({
    projectId,
    subjectType: 'project',
    subjectId: projectId,
    body: `@${person.username} ${mark}`,
  });
  await watching.until(
    (frame) =>
      frame.payload?.message.endsWith(mark) ||
      (frame.notifications?.some(({ message }) => message.endsWith(mark)) ?? false),
  );
  watching.stop();
  const { items } = await person.client.notifications.list.query({ limit: 200 });
  return items
    .filter(
      (item) =>
        item.projectId === projectId && item.type !== 'member.added' && !/mark \d+\.$/.test(item.message),
    )
    .toReversed();
}
