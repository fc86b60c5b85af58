import type { Area } from './place.ts';

export const people: Area = {
  name: 'the project, its members and stars',
  lists: ['projects', 'members', 'transfers'],
  steps: [
    {
      causes: ['project.updated'],
      act: ({ api, projectId }) => api.projects.update.mutate({ projectId, description: 'What it is' }),
    },
    {
      causes: ['member.roleChanged'],
      act: ({ api, projectId, bob }) =>
        api.members.setRole.mutate({ projectId, actorId: bob.id, role: 'viewer' }),
    },
    {
      causes: ['member.removed'],
      act: ({ api, projectId, bob }) => api.members.remove.mutate({ projectId, actorId: bob.id }),
    },
    {
      causes: ['member.added'],
      act: ({ api, projectId, bob }) =>
        api.members.add.mutate({ projectId, actorId: bob.id, role: 'developer' }),
    },
    { causes: ['star.added'], act: ({ bob, projectId }) => bob.client.stars.set.mutate({ projectId }) },
    { causes: ['star.removed'], act: ({ bob, projectId }) => bob.client.stars.remove.mutate({ projectId }) },
    {
      causes: ['transfer.offered'],
      async act({ api, projectId, bob, ids }) {
        ids['transfer'] = (await api.projects.transfer.mutate({ projectId, actorId: bob.id })).id;
      },
    },
    {
      causes: ['transfer.ended', 'member.roleChanged', 'project.updated'],
      act: ({ bob, ids }) => bob.client.projects.acceptTransfer.mutate({ transferId: ids['transfer'] ?? '' }),
    },
  ],
};

export const discussions: Area = {
  name: 'threads and comments',
  lists: [],
  steps: [
    {
      causes: ['thread.created'],
      async act({ api, projectId, ids }) {
        const open = (body: string) =>
          api.threads.create.mutate({ projectId, subjectType: 'project', subjectId: projectId, body });
        ids['thread'] = (await open('What shall we build?')).thread.id;
        ids['other'] = (await open('And when?')).thread.id;
      },
    },
    {
      causes: ['comment.added'],
      async act({ api, projectId, ids, bob }) {
        const of = { projectId, threadId: ids['thread']! };
        ids['comment'] = (await api.comments.add.mutate({ ...of, body: 'A tower' })).id;
        await bob.client.comments.add.mutate({ ...of, body: 'A bridge' });
      },
    },
    {
      causes: ['comment.reacted'],
      async act({ api, projectId, ids, bob }) {
        const of = { projectId, commentId: ids['comment']! };
        await api.comments.react.mutate({ ...of, emoji: '🎉' });
        await bob.client.comments.react.mutate({ ...of, emoji: '👍' });
        await bob.client.comments.react.mutate({ ...of, emoji: '🎉' });
      },
    },
    {
      causes: ['comment.edited'],
      act: ({ api, projectId, ids }) =>
        api.comments.edit.mutate({ projectId, commentId: ids['comment']!, body: 'A tall tower' }),
    },
    {
      causes: ['comment.unreacted'],
      act: ({ api, projectId, ids }) =>
        api.comments.unreact.mutate({ projectId, commentId: ids['comment']!, emoji: '🎉' }),
    },
    {
      causes: ['comment.deleted'],
      act: ({ api, projectId, ids }) => api.comments.delete.mutate({ projectId, commentId: ids['comment']! }),
    },
    {
      causes: ['thread.resolved'],
      act: ({ api, projectId, ids }) => api.threads.resolve.mutate({ projectId, threadId: ids['thread']! }),
    },
    {
      causes: ['thread.reopened'],
      act: ({ api, projectId, ids }) => api.threads.reopen.mutate({ projectId, threadId: ids['thread']! }),
    },
    {
      causes: ['thread.deleted'],
      act: ({ api, projectId, ids }) => api.threads.delete.mutate({ projectId, threadId: ids['thread']! }),
    },
    {
      causes: ['thread.restored'],
      act: ({ api, projectId, ids }) => api.threads.restore.mutate({ projectId, threadId: ids['thread']! }),
    },
    {
      causes: ['thread.deleted', 'thread.restored'],
      async act({ api, projectId, ids }) {
        const of = { projectId, threadId: ids['other']! };
        await api.threads.resolve.mutate(of);
        await api.threads.delete.mutate(of);
        await api.threads.restore.mutate(of);
      },
    },
  ],
};
