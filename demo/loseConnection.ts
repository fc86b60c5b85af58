import type { Wire } from './cutWire.ts';
import { DemoError } from './DemoError.ts';
import { type Table, say } from './discuss.ts';
import type { Arrivals } from './Arrivals.ts';
import type { ThreadEvent } from './joinAs.ts';

const missed = 3;

/** The seqs of events, snapshot left out, in the order in which they came. */
const seqsOf = (threads: Arrivals<ThreadEvent>) =>
  threads.all.filter(({ value }) => value.type !== 'snapshot').map(({ value }) => value.seq);

const listSeqs = (seqs: readonly number[]) => seqs.join(' ');

/** @throws DemoError unless both received the same events, each once and in order. */
function compareSeqs({ first, second, firstThreads, secondThreads }: Table): void {
  const [stayed, left] = [seqsOf(firstThreads), seqsOf(secondThreads)];
  // What came before the other one began to watch is in that one's snapshot.
  if (
    listSeqs(stayed) !== listSeqs(left) ||
    stayed.some((seq, index) => index > 0 && seq <= (stayed[index - 1] ?? 0))
  ) {
    throw new DemoError(
      `${second.name} received the events ${listSeqs(left)}, but ${first.name} ${listSeqs(stayed)}.`,
    );
  }
}

/**
 * Cuts the second's network, has the first write meanwhile, mends it, and checks that the second got every
 * event once and in order, from where it had stopped.
 */
export async function loseConnection(table: Table, threadId: string, wire: Wire): Promise<void> {
  const { projectId, first, second, firstThreads, secondThreads, timeline } = table;
  const before = seqsOf(secondThreads).at(-1) ?? 0;
  const received = seqsOf(secondThreads).length;
  const states = second.connection.all.length;
  wire.cut();
  await second.connection.first(
    (state) => state !== 'open' && second.connection.all.length > states,
    `The loss of ${second.name}'s connection`,
  );
  timeline.row(second.name, `is cut off the network (last event: seq ${before})`);

  const ids = Array.from({ length: missed }, () => crypto.randomUUID());
  for (const [index, id] of ids.entries()) {
    await first.client.comments.add.mutate({
      projectId,
      threadId,
      id,
      body: `Written while you were away, ${index + 1}.`,
    });
  }
  const isLast = (event: ThreadEvent) => event.type === 'comment.added' && event.payload.id === ids.at(-1);
  await firstThreads.first(isLast, `${first.name}'s own comment`);
  const written = seqsOf(firstThreads).slice(-missed);
  timeline.row(first.name, `writes ${missed} comments meanwhile (seq ${listSeqs(written)})`);
  if (secondThreads.all.some(({ value }) => isLast(value)))
    throw new DemoError(`${second.name}'s connection was not cut.`);

  wire.mend();
  const mended = performance.now();
  timeline.row(second.name, 'is on the network again');
  const last = await secondThreads.first(isLast, `What ${second.name} missed`, 15_000);
  timeline.measure('what was missed, after the network is back', last.at - mended);
  const replayed = seqsOf(secondThreads).slice(received);
  timeline.row(
    second.name,
    `resumes after seq ${before}, and receives ${listSeqs(replayed)}`,
    last.at - mended,
  );

  const back = await say(
    table,
    threadId,
    first,
    { name: second.name, threads: secondThreads },
    'Welcome back.',
  );
  await firstThreads.first(({ seq }) => seq === back.event.value.seq, `${first.name}'s own comment`);
  timeline.row(second.name, `sees the next comment (seq ${back.event.value.seq})`, back.latency);
  compareSeqs(table);
  const seqs = seqsOf(secondThreads);
  timeline.row(
    '',
    `both received ${seqs.length} events, seq ${seqs[0]} to ${seqs.at(-1)}: no gap, no duplicate`,
  );
}
