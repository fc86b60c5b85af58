import { expect, test } from 'vitest';
import { describeEvent } from '../../web/src/pages/project/describeEvent.ts';

const ada = { id: '01', actorType: 'person', name: 'Ada', username: 'ada' } as const;

test.each([
  ['task.created', ada, { title: 'Roof' }, 'Ada created a task: Roof'],
  ['issue.closed', ada, { title: 'Rain' }, 'Ada closed an issue: Rain'],
  ['member.roleChanged', ada, { actor: { name: 'Bob' } }, 'Ada changed a member (role changed): Bob'],
  ['task.unblocked', null, { title: 'Walls' }, 'The system unblocked a task: Walls'],
  ['job.queued', ada, { jobType: 'media.probe' }, 'Ada queued a job: media.probe'],
  ['job.failed', ada, { jobType: 'media.probe' }, 'A job of Ada has failed: media.probe'],
  ['job.completed', null, { jobType: 'media.probe' }, 'A job is done: media.probe'],
])('the activity says of %s who did it, what it was, and to what', (type, actor, payload, sentence) => {
  const { who, did, about } = describeEvent({ type, payload, actor } as Parameters<typeof describeEvent>[0]);
  expect(`${who} ${did}: ${about}`).toBe(sentence);
});
