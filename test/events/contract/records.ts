import { createHash } from 'node:crypto';
import { systemCause, transact } from '../../../src/database/transaction.ts';
import { disableWebhook } from '../../../src/domain/webhooks/disableWebhook.ts';
import { tenLines } from '../../support/threadWorld.ts';
import type { Area, Place } from './place.ts';

async function overOf({ api, projectId }: Place, jobId: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const watching = api.jobs.watch.subscribe(
    { projectId, jobId },
    {
      onData: ({ status }) => ['completed', 'failed', 'cancelled'].includes(status) && resolve(),
      onError: reject,
    },
  );
  await promise.finally(() => watching.unsubscribe());
}

async function sync(place: Place): Promise<void> {
  const { api, projectId } = place;
  await overOf(place, (await api.repositories.sync.mutate({ projectId })).id);
}

async function commit({ git, ids }: Place, text: string): Promise<void> {
  await git.commitFiles(ids['repository']!, { 'a.ts': text });
}

export const repositories: Area = {
  name: 'syncs, and the threads that follow their lines',
  lists: ['jobs', 'manifests'],
  async prepare({ git, api, projectId, ids }) {
    ids['repository'] = await git.createRepository(`contract-${projectId}`, { 'a.ts': tenLines });
    await api.projects.update.mutate({ projectId, repositoryUrl: ids['repository'] });
  },
  steps: [
    { causes: ['job.queued', 'job.started', 'manifest.created', 'job.completed'], act: sync },
    {
      causes: ['thread.created'],
      async act({ api, projectId, ids }) {
        const lines = { filePath: 'a.ts', lineStart: 5, lineEnd: 5 };
        ids['thread'] = (
          await api.threads.create.mutate({ projectId, ...lines, body: 'What is this for?' })
        ).thread.id;
      },
    },
    {
      causes: ['thread.moved'],
      async act(place) {
        await commit(place, `new\n${tenLines}`);
        await sync(place);
      },
    },
    {
      causes: ['thread.outdated'],
      async act(place) {
        await commit(place, `new\n${tenLines.replace('line 5\n', 'changed\n')}`);
        await sync(place);
      },
    },
    {
      causes: ['job.failed'],
      async act(place) {
        const { api, projectId, ids, git } = place;
        await api.projects.update.mutate({ projectId, repositoryUrl: git.allowed });
        await sync(place);
        ids['failed'] = (await api.jobs.list.query({ projectId, status: 'failed' })).items[0]?.id ?? '';
      },
    },
    {
      causes: ['job.queued', 'job.cancelled'],
      async act({ api, projectId, ids, holding }) {
        await api.projects.update.mutate({ projectId, repositoryUrl: ids['repository']! });
        // So that no worker can bring it to an end before.
        await holding('project_manifests', async () => {
          await api.jobs.retry.mutate({ projectId, jobId: ids['failed']! });
          await api.jobs.cancel.mutate({ projectId, jobId: ids['failed']! });
        });
      },
    },
  ],
};

export const translations: Area = {
  name: 'languages and translations',
  lists: ['targets', 'fileTranslations'],
  async prepare(place) {
    const { git, api, projectId, ids } = place;
    ids['repository'] = await git.createRepository(`contract-${projectId}`, { 'a.md': '# Title\n' });
    await api.projects.update.mutate({ projectId, repositoryUrl: ids['repository'] });
    await sync(place);
    ids['file'] = (await api.sourceFiles.list.query({ projectId })).items[0]?.id ?? '';
  },
  steps: [
    {
      causes: ['target.created'],
      async act({ api, projectId, ids }) {
        ids['target'] = (await api.targets.create.mutate({ projectId, languageCode: 'fr' })).id;
      },
    },
    {
      causes: ['target.updated'],
      act: ({ api, projectId, ids }) =>
        api.targets.update.mutate({ projectId, targetId: ids['target']!, branchName: 'french' }),
    },
    {
      causes: ['target.paused'],
      act: ({ api, projectId, ids }) => api.targets.pause.mutate({ projectId, targetId: ids['target']! }),
    },
    {
      causes: ['target.resumed'],
      act: ({ api, projectId, ids }) => api.targets.resume.mutate({ projectId, targetId: ids['target']! }),
    },
    {
      causes: ['fileTranslation.recorded'],
      act: ({ api, projectId, ids }) =>
        api.fileTranslations.record.mutate({
          projectId,
          sourceFileId: ids['file']!,
          targetId: ids['target']!,
          status: 'DONE',
          sourceHash: createHash('sha256').update('# Title\n').digest('hex'),
        }),
    },
    {
      causes: ['target.deleted'],
      act: ({ api, projectId, ids }) => api.targets.delete.mutate({ projectId, targetId: ids['target']! }),
    },
  ],
};

export const registry: Area = {
  name: 'services and webhooks',
  lists: ['services', 'serviceConfigs', 'webhooks'],
  steps: [
    {
      causes: ['service.created'],
      async act({ api, projectId, ids }) {
        const input = { projectId, name: 'Search', url: 'https://search.example.org' };
        ids['service'] = (await api.services.create.mutate(input)).id;
      },
    },
    {
      causes: ['service.updated'],
      act: ({ api, projectId, ids }) =>
        api.services.update.mutate({ projectId, serviceId: ids['service']!, healthCheck: '/healthz' }),
    },
    {
      causes: ['service.configSet'],
      async act({ api, projectId, ids }) {
        const of = { projectId, serviceId: ids['service']! };
        await api.services.setConfig.mutate({ ...of, key: 'limit', value: 5 });
        await api.services.setConfig.mutate({ ...of, key: 'password', value: 'x', isSecret: true });
      },
    },
    {
      causes: ['service.configRemoved'],
      act: ({ api, projectId, ids }) =>
        api.services.removeConfig.mutate({ projectId, serviceId: ids['service']!, key: 'limit' }),
    },
    {
      causes: ['service.deleted'],
      act: ({ api, projectId, ids }) => api.services.delete.mutate({ projectId, serviceId: ids['service']! }),
    },
    {
      causes: ['webhook.created'],
      async act({ api, projectId, ids }) {
        const input = {
          projectId,
          url: 'https://example.org/hook',
          events: ['issue.created'],
          active: false,
        };
        ids['webhook'] = (await api.webhooks.create.mutate(input)).webhook.id;
      },
    },
    {
      causes: ['webhook.updated'],
      act: ({ api, projectId, ids }) =>
        api.webhooks.update.mutate({ projectId, webhookId: ids['webhook']!, description: 'Theirs' }),
    },
    {
      causes: ['webhook.secretRotated'],
      act: ({ api, projectId, ids }) =>
        api.webhooks.rotateSecret.mutate({ projectId, webhookId: ids['webhook']! }),
    },
    {
      causes: ['webhook.updated', 'webhook.disabled'],
      async act({ api, projectId, ids, server }) {
        const webhookId = ids['webhook']!;
        await api.webhooks.update.mutate({ projectId, webhookId, active: true });
        // What its deliveries do when the address says that it is gone.
        await transact(server.tessera.services.orm, systemCause, (em) =>
          disableWebhook(em, webhookId, 'gone'),
        );
      },
    },
    {
      causes: ['webhook.deleted'],
      act: ({ api, projectId, ids }) => api.webhooks.delete.mutate({ projectId, webhookId: ids['webhook']! }),
    },
  ],
};

export const imports: Area = {
  name: 'imports of patterns',
  lists: ['patternImportRuns', 'jobs'],
  steps: [
    {
      causes: ['patternImport.completed'],
      async act(place) {
        const { api, projectId } = place;
        const { id: importId } = await api.patternImports.create.mutate({ projectId });
        const file = {
          projectId,
          importId,
          kind: 'field',
          index: 0,
          content: 'Name,ID\nTitle,F1\n',
        } as const;
        await api.patternImports.append.mutate(file);
        await overOf(place, (await api.patternImports.run.mutate({ projectId, importId })).id);
      },
    },
  ],
};
