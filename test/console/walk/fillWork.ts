import { setTaskBack } from '../../support/setTaskBack.ts';
import type { Place } from './Place.ts';
import type { Ids } from './world.ts';

const dayMs = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * dayMs);

/** A milestone that burns down, tasks in every column, and issues that are discussed. */
export async function fillWork({ server, people, projectId }: Place): Promise<Ids> {
  const { ada, bob } = people;
  const { reads } = server.tessera.services;
  const { client } = ada;
  const { id: milestoneId } = await client.milestones.create.mutate({
    projectId,
    title: 'First edition',
    description: 'Twelve sheets, printed and bound.',
    startAt: inDays(-6),
    endAt: inDays(4),
  });
  await client.milestones.create.mutate({
    projectId,
    title: 'Second edition',
    startAt: inDays(5),
    endAt: inDays(40),
  });
  /** Made a week ago, so that the milestone's chart has a past. */
  const make = async (title: string, more: object = {}) => {
    const { id } = await client.tasks.create.mutate({ projectId, title, milestoneId, ...more });
    await setTaskBack(reads, id, 7);
    return id;
  };
  const begin = (title: string, more: object = {}) => make(title, { status: 'IN_PROGRESS', ...more });
  const complete = async (taskId: string, days: number) => {
    await client.tasks.update.mutate({ projectId, taskId, status: 'COMPLETED' });
    if (days > 0) await setTaskBack(reads, taskId, days);
  };
  await complete(await begin('Collect the sources', { assigneeId: ada.id }), 4);
  await complete(await begin('Measure the Rhine', { assigneeId: bob.id }), 2);
  await complete(await begin('Check the names', { assigneeId: bob.id }), 0);
  const sheets = await begin('Draw the sheets', { assigneeId: ada.id, priority: 'HIGH', dueAt: inDays(2) });
  const proofs = await make('Read the proofs', { assigneeId: bob.id, dueAt: inDays(3) });
  const printing = await make('Print', {
    assigneeId: ada.id,
    dueAt: inDays(4),
    description: 'On **heavy** paper. See #1 for the lengths that are still wrong.',
  });
  await make('Order the paper', { priority: 'LOW' });
  const blocked = await begin('Ask the archive for its maps', { assigneeId: bob.id });
  await client.tasks.update.mutate({ projectId, taskId: blocked, status: 'BLOCKED' });
  await client.tasks.addDependency.mutate({ projectId, taskId: proofs, dependsOn: sheets });
  await client.tasks.addDependency.mutate({ projectId, taskId: printing, dependsOn: proofs });
  await client.threads.create.mutate({
    projectId,
    subjectType: 'task',
    subjectId: printing,
    body: 'The printer needs two days of notice.',
  });

  const report = (by: typeof ada, title: string, labels: string[], body = '') =>
    by.client.issues.create.mutate({ projectId, title, labels, body });
  await report(bob, 'The Rhine is too short', ['data'], 'It is 1,233 km, not 1,320.');
  const { id: issueId, number } = await report(
    ada,
    'Lengths differ between maps',
    ['data', 'maps'],
    'See #1: the two maps use **different mouths**.\n\n| map | Danube |\n|---|---|\n| 1890 | 2,850 km |\n| today | 2,811 km |',
  );
  await report(bob, 'Names of tributaries in three languages', ['names']);
  const solved = await report(ada, 'The Vltava is missing', ['data']);
  await client.issues.close.mutate({ projectId, issueId: solved.id });
  const { thread } = await bob.client.threads.create.mutate({
    projectId,
    subjectType: 'issue',
    subjectId: issueId,
    body: `Which one shall we take, @${ada.username}?`,
  });
  await client.comments.add.mutate({
    projectId,
    threadId: thread.id,
    body: 'Today’s. The old one goes into a note.',
  });
  return { milestoneId, taskId: printing, number: String(number) };
}
