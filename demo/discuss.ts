import type { Arrival, Arrivals } from './Arrivals.ts';
import type { NotificationEvent, Person, ThreadEvent } from './joinAs.ts';
import type { Spot } from './readRepository.ts';
import type { Timeline } from './timeline.ts';

/** Two people at one project, and what each of them sees of it live. */
export interface Table {
  projectId: string;
  first: Person;
  second: Person;
  firstThreads: Arrivals<ThreadEvent>;
  secondThreads: Arrivals<ThreadEvent>;
  firstInbox: Arrivals<NotificationEvent>;
  timeline: Timeline;
}

/** Comments of the quick exchange; enough for a median. */
const volley = 10;

const hasComment = (id: string) => (event: ThreadEvent) =>
  event.type === 'comment.added' && event.payload.id === id;

/** Writes a comment and waits until the other one has it; gives the milliseconds from sending to receiving. */
export async function say(
  { projectId, timeline }: Pick<Table, 'projectId' | 'timeline'>,
  threadId: string,
  from: Person,
  to: { name: string; threads: Arrivals<ThreadEvent> },
  body: string,
): Promise<{ event: Arrival<ThreadEvent>; latency: number; sent: number }> {
  const sent = performance.now();
  const id = crypto.randomUUID();
  await from.client.comments.add.mutate({ projectId, threadId, id, body });
  const event = await to.threads.first(hasComment(id), `${from.name}'s comment at ${to.name}`);
  const latency = event.at - sent;
  timeline.measure('comment, to the other person', latency);
  return { event, latency, sent };
}

/** The first opens a thread on a line; the second sees it, answers and mentions the first, who is notified. */
export async function discuss(table: Table, spot: Spot): Promise<string> {
  const { projectId, first, second, firstThreads, secondThreads, firstInbox, timeline } = table;
  const threadId = crypto.randomUUID();
  timeline.row(first.name, `opens a thread on line ${spot.line} of ${spot.path}`);
  const opened = performance.now();
  await first.client.threads.create.mutate({
    projectId,
    id: threadId,
    filePath: spot.path,
    lineStart: spot.line,
    lineEnd: spot.line,
    body: 'Is this line still needed?',
  });
  const isOurs = (event: ThreadEvent) =>
    event.type === 'thread.created' && event.payload.thread.id === threadId;
  const created = await secondThreads.first(isOurs, `The new thread at ${second.name}`);
  timeline.row(second.name, `sees thread.created (seq ${created.value.seq})`, created.at - opened);
  timeline.measure('new thread, to the other person', created.at - opened);

  const answer = `Yes, @${first.username}: the tests rely on it.`;
  timeline.row(second.name, `answers: “${answer}”`);
  const toFirst = { name: first.name, threads: firstThreads };
  const toSecond = { name: second.name, threads: secondThreads };
  const answered = await say(table, threadId, second, toFirst, answer);
  timeline.row(first.name, `sees comment.added (seq ${answered.event.value.seq})`, answered.latency);
  const isAboutIt = (event: NotificationEvent) =>
    event.type === 'notification.added' && event.payload.subject === `thread:${threadId}`;
  const notified = await firstInbox.first(isAboutIt, `The notification of the mention at ${first.name}`);
  const { value } = notified;
  if (value.type === 'notification.added') {
    timeline.row(
      first.name,
      `is notified (${value.payload.type}): “${value.payload.title}”`,
      notified.at - answered.sent,
    );
  }
  timeline.measure('notification of a mention', notified.at - answered.sent);

  const latencies: number[] = [];
  for (let turn = 0; turn < volley; turn += 1) {
    const [from, to] = turn % 2 === 0 ? [first, toSecond] : [second, toFirst];
    latencies.push((await say(table, threadId, from, to, `Remark ${turn + 1}.`)).latency);
  }
  timeline.row(
    'both',
    `exchange ${volley} more comments, each on the arrival of the last (mean)`,
    latencies.reduce((sum, one) => sum + one) / volley,
  );
  return threadId;
}
