/** Milestones, tasks that wait for each other, issues and what is said about them, and the services that run. */
import type { TesseraClient } from '../../client/src/index.ts';
import { type Choices, makeMany } from './choices.ts';

const parts = [
  'sign-in',
  'the importer',
  'search',
  'notifications',
  'the editor',
  'the export',
  'previews',
  'billing',
  'the audit log',
  'webhooks',
];
const deeds = ['Design', 'Build', 'Test', 'Document', 'Review', 'Speed up', 'Translate', 'Release'];
const faults = [
  'is slow with large files',
  'loses the last change',
  'shows the wrong time',
  'fails without a network',
  'repeats itself',
  'does not say why it stopped',
];
const labels = ['bug', 'speed', 'documentation', 'good first issue', 'question'];
const remarks = [
  'I can reproduce it here.', 'It began with the last release.', 'Is this the same as what we saw in spring?',
  'A test for it would be good.', 'Fixed on my branch, please look.', 'That solves it for me, thank you.',
]; // prettier-ignore
const services = ['api', 'worker', 'mirror', 'mail', 'previews'];
const day = 86_400_000;

export interface WorkSizes {
  milestones: number;
  tasks: number;
  issues: number;
}

/** @returns how many rows it made. */
export async function seedWork(
  people: readonly TesseraClient[],
  projectId: string,
  sizes: WorkSizes,
  choices: Choices,
): Promise<number> {
  const at = { projectId };
  const [client] = people;
  if (!client) return 0;
  const start = Date.now();
  const milestones = await makeMany(
    sizes.milestones,
    (n) =>
    client.milestones.create.mutate({
      ...at, title: `Release ${n + 1}.0`, description: `What ${choices.of(parts)} needs.`,
      startAt: new Date(start + n * 14 * day), endAt: new Date(start + (n + 1) * 14 * day),
    }), // prettier-ignore
  );
  const drawn = Array.from({ length: sizes.tasks }, () => ({
    title: `${choices.of(deeds)} ${choices.of(parts)}`,
    milestone: choices.below(sizes.milestones),
    priority: choices.of(['LOW', 'MEDIUM', 'HIGH'] as const),
    due: choices.below(90),
  }));
  const tasks = await makeMany(drawn.length, (n) => {
    const { title = '', milestone = 0, priority, due = 0 } = drawn[n] ?? {};
    return (people[n % people.length] ?? client).tasks.create.mutate({
      ...at, title, priority, milestoneId: milestones[milestone]?.id, dueAt: new Date(start + (due + 1) * day),
    }); // prettier-ignore
  });
  // Each waits for one that was made before it: so there is no circle.
  const waiting = tasks.filter((_, n) => n % 3 === 1);
  await makeMany(waiting.length, (n) =>
    client.tasks.addDependency.mutate({
      ...at,
      taskId: waiting[n]?.id ?? '',
      dependsOn: tasks[n * 3]?.id ?? '',
    }),
  );
  const talk = Array.from({ length: sizes.issues }, () => ({
    title: `${choices.of(parts)} ${choices.of(faults)}`.replace(/^./, (letter) => letter.toUpperCase()),
    labels: [choices.of(labels)],
    remarks: Array.from({ length: 1 + choices.below(3) }, () => choices.of(remarks)),
  }));
  const said = await makeMany(talk.length, async (n) => {
    const { title = '', labels: own = [], remarks: lines = [] } = talk[n] ?? {};
    const issue = await (people[n % people.length] ?? client).issues.create.mutate({
      ...at, title, labels: own, body: `Seen on the staging server. Compare #${1 + (n % 20)}.`,
    }); // prettier-ignore
    const { thread } = await client.threads.create.mutate({
      ...at, subjectType: 'issue', subjectId: issue.id, title, body: lines[0] ?? 'Hello.',
    }); // prettier-ignore
    for (const [place, body] of lines.slice(1).entries())
      await (people[(n + place) % people.length] ?? client).comments.add.mutate({
        ...at,
        threadId: thread.id,
        body,
      });
    if (n % 3 === 0) await client.issues.close.mutate({ ...at, issueId: issue.id });
    return 2 + lines.length;
  });
  await makeMany(services.length, async (n) => {
    const { id: serviceId } = await client.services.create.mutate({
      ...at, name: services[n] ?? '', url: `https://${services[n]}.example.org`, status: 'UP',
    }); // prettier-ignore
    await client.services.setConfig.mutate({ ...at, serviceId, key: 'REGION', value: 'eu-central' });
  });
  return (
    milestones.length +
    tasks.length +
    waiting.length +
    said.reduce((sum, rows) => sum + rows, 0) +
    services.length * 2
  );
}
