import { readFailure } from '../client/src/index.ts';
import { DemoError } from './DemoError.ts';
import type { Table } from './discuss.ts';

/** Who was watching is told that they may not; who calls anew, that there is nothing (in a public project: FORBIDDEN too). */
const refusals = new Set(['FORBIDDEN', 'NOT_FOUND']);

/** The first removes the second, whose open subscription ends at once and who can write no more. */
export async function removeMember(table: Table, threadId: string): Promise<void> {
  const { projectId, first, second, secondThreads, timeline } = table;
  const sent = performance.now();
  timeline.row(first.name, `removes @${second.username} from the project`);
  await first.client.members.remove.mutate({ projectId, actorId: second.id });
  const { value: reason, at } = await secondThreads.ended(`${second.name}'s subscription`);
  const code = readFailure(reason)?.code;
  if (code !== 'FORBIDDEN')
    throw new DemoError(`${second.name}'s subscription ended for another reason: ${String(reason)}`);
  timeline.row(second.name, `sees the open subscription end: ${code}`, at - sent);
  timeline.measure('removal, to the end of the subscription', at - sent);

  const attempt = await second.client.comments.add
    .mutate({ projectId, threadId, body: 'One more thing.' })
    .then(
      () => undefined,
      (error: unknown) => readFailure(error)?.code,
    );
  if (!attempt || !refusals.has(attempt))
    throw new DemoError(`${second.name} could still write a comment (${attempt ?? 'accepted'}).`);
  timeline.row(second.name, `cannot comment any more: ${attempt}`);
}
