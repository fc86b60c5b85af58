import { expect } from 'vitest';
import { transact } from '../../../src/database/transaction.ts';
import { remindOfDueTasks } from '../../../src/domain/tracking/remindOfDueTasks.ts';
import { waitFor } from '../../support/waitFor.ts';
import { inDays } from '../../support/workWorld.ts';
import type { Area } from './place.ts';

export const milestones: Area = {
  name: 'milestones, and tasks that move them on',
  lists: ['milestones', 'tasks', 'dependencies'],
  steps: [
    {
      causes: ['milestone.created'],
      async act({ api, projectId, ids }) {
        const plan = { title: 'First', startAt: inDays(-1), endAt: inDays(9) };
        ids['milestone'] = (await api.milestones.create.mutate({ projectId, ...plan })).id;
      },
    },
    {
      causes: ['milestone.updated'],
      act: ({ api, projectId, ids }) =>
        api.milestones.update.mutate({ projectId, milestoneId: ids['milestone']!, title: 'The first' }),
    },
    {
      causes: ['task.created'],
      async act({ api, projectId, ids }) {
        const task = (title: string) =>
          api.tasks.create.mutate({
            projectId,
            title,
            milestoneId: ids['milestone']!,
            status: 'IN_PROGRESS',
          });
        ids['one'] = (await task('One')).id;
        ids['two'] = (await task('Two')).id;
      },
    },
    {
      // One step: the server reminds of what is due by itself, at every full minute.
      causes: ['task.assigned', 'task.updated', 'task.due'],
      async act({ api, projectId, ids, bob, server }) {
        const change = { assigneeId: bob.id, dueAt: inDays(0.5) };
        await api.tasks.update.mutate({ projectId, taskId: ids['one']!, ...change });
        const { orm, reads } = server.tessera.services;
        await transact(orm, { actorId: null, via: 'worker' }, remindOfDueTasks);
        // What the server is about to commit is left to it.
        await waitFor(async () => {
          const reminders = 'select from task_reminders where task_id = $1';
          expect((await reads.query(reminders, [ids['one']])).rowCount).toBe(1);
        });
      },
    },
    {
      causes: ['task.dependencyAdded', 'task.blocked'],
      act: ({ api, projectId, ids }) =>
        api.tasks.addDependency.mutate({ projectId, taskId: ids['two']!, dependsOn: ids['one']! }),
    },
    {
      causes: ['milestone.progressed', 'task.unblocked'],
      act: ({ api, projectId, ids }) =>
        api.tasks.update.mutate({ projectId, taskId: ids['one']!, status: 'COMPLETED' }),
    },
    {
      causes: ['task.dependencyRemoved'],
      act: ({ api, projectId, ids }) =>
        api.tasks.removeDependency.mutate({ projectId, taskId: ids['two']!, dependsOn: ids['one']! }),
    },
    {
      causes: ['task.deleted'],
      act: ({ api, projectId, ids }) => api.tasks.delete.mutate({ projectId, taskId: ids['two']! }),
    },
    {
      causes: ['task.restored'],
      act: ({ api, projectId, ids }) => api.tasks.restore.mutate({ projectId, taskId: ids['two']! }),
    },
    {
      causes: ['milestone.deleted'],
      act: ({ api, projectId, ids }) =>
        api.milestones.delete.mutate({ projectId, milestoneId: ids['milestone']! }),
    },
    {
      causes: ['milestone.restored'],
      act: ({ api, projectId, ids }) =>
        api.milestones.restore.mutate({ projectId, milestoneId: ids['milestone']! }),
    },
  ],
};

export const issues: Area = {
  name: 'issues',
  lists: ['issues', 'references'],
  steps: [
    {
      causes: ['issue.created'],
      async act({ api, projectId, ids }) {
        ids['issue'] = (await api.issues.create.mutate({ projectId, title: 'It leaks', labels: ['bug'] })).id;
      },
    },
    {
      causes: ['issue.updated', 'issue.assigned'],
      act: ({ api, projectId, ids, bob }) =>
        api.issues.update.mutate({ projectId, issueId: ids['issue']!, assigneeId: bob.id, labels: [] }),
    },
    {
      causes: ['issue.referenced', 'issue.created'],
      act: ({ api, projectId }) => api.issues.create.mutate({ projectId, title: 'More', body: 'See #1.' }),
    },
    {
      causes: ['issue.closed'],
      act: ({ api, projectId, ids }) => api.issues.close.mutate({ projectId, issueId: ids['issue']! }),
    },
    {
      causes: ['issue.reopened'],
      act: ({ api, projectId, ids }) => api.issues.reopen.mutate({ projectId, issueId: ids['issue']! }),
    },
    {
      causes: ['issue.deleted'],
      async act({ api, projectId, ids }) {
        ids['other'] = (await api.issues.create.mutate({ projectId, title: 'A mistake' })).id;
        await api.issues.delete.mutate({ projectId, issueId: ids['other'] });
      },
    },
    {
      causes: ['issue.restored'],
      act: ({ api, projectId, ids }) => api.issues.restore.mutate({ projectId, issueId: ids['other']! }),
    },
  ],
};
