/** Where the contract of events is tried: a project that its owner watches, and what its procedures show. */
import type { EventType } from '../../../src/events/catalogue.ts';
import type { ListItems, ListName, Outputs, Watched } from '../../../client/src/index.ts';
import type { GitWorld } from '../../drivers/makeRepository.ts';
import { type Frames, collectFrames } from '../../support/collectFrames.ts';
import type { Person, TestServer } from '../../support/server.ts';

export type ProjectEvent = Watched<'projects'>;

/** What all areas share. */
export interface Setting {
  server: TestServer;
  git: GitWorld;
  ada: Person;
  bob: Person;
}

/** A project of Ada's in which one area's steps are taken. */
export interface Place extends Setting {
  projectId: string;
  api: Person['client'];
  /** Ids that steps leave for later ones, by names of theirs. */
  ids: Record<string, string>;
  /** Runs `act` while nobody can read or write the table. */
  holding: (table: string, act: () => Promise<unknown>) => Promise<void>;
}

/** One thing that somebody does, and the types of the events that it must cause. */
export interface Step {
  causes: EventType[];
  act: (place: Place) => Promise<unknown>;
}

export interface Area {
  name: string;
  lists: ListName[];
  /** What is there before the watcher comes. */
  prepare?: (place: Place) => Promise<unknown>;
  steps: Step[];
}

const all = { limit: 200 };
type Reader<N extends ListName> = (place: Place) => Promise<ListItems[N][]>;

async function eachManifest({ api, projectId }: Place): Promise<Outputs['repositories']['manifest'][]> {
  const { manifestVersion } = await api.projects.get.query({ projectId });
  const versions = Array.from({ length: manifestVersion ?? 0 }, (_, index) => index + 1);
  return Promise.all(versions.map((version) => api.repositories.manifest.query({ projectId, version })));
}

/** How each list is read whole. */
export const readers: { [N in ListName]: Reader<N> } = {
  categories: async ({ api, projectId }) => (await api.categories.list.query({ projectId, ...all })).items,
  collections: async ({ api, projectId }) => (await api.collections.list.query({ projectId, ...all })).items,
  async dependencies({ api, projectId }) {
    const { items } = await api.tasks.list.query({ projectId, ...all });
    const tasks = await Promise.all(items.map(({ id }) => api.tasks.get.query({ projectId, taskId: id })));
    return tasks.flatMap(({ id, dependsOn }) =>
      dependsOn.map((other) => ({ projectId, taskId: id, dependsOn: other.id })),
    );
  },
  fields: async ({ api, projectId }) => (await api.fields.list.query({ projectId, ...all })).items,
  fileTranslations: async ({ api, projectId }) =>
    (await api.fileTranslations.list.query({ projectId, ...all })).items,
  issues: async ({ api, projectId }) => (await api.issues.list.query({ projectId, ...all })).items,
  jobs: async ({ api, projectId }) => (await api.jobs.list.query({ projectId, ...all })).items,
  manifests: eachManifest,
  media: async ({ api, projectId }) => (await api.media.list.query({ projectId, ...all })).items,
  members: async ({ api, projectId }) => (await api.members.list.query({ projectId, ...all })).items,
  milestones: async ({ api, projectId }) => (await api.milestones.list.query({ projectId, ...all })).items,
  models: async ({ api, projectId }) => (await api.models.list.query({ projectId, ...all })).items,
  ontologies: async ({ api, projectId }) => (await api.ontologies.list.query({ projectId, ...all })).items,
  async ontologyClasses({ api, projectId }) {
    const { items } = await api.ontologies.list.query({ projectId, ...all });
    const pages = await Promise.all(
      items.map(({ id }) => api.ontologies.classes.query({ projectId, ontologyId: id, ...all })),
    );
    return pages.flatMap((page) => page.items);
  },
  async patternImportRuns({ api, projectId }) {
    const { items } = await api.patternImports.list.query({ projectId, ...all });
    const imports = await Promise.all(
      items.map(({ id }) => api.patternImports.get.query({ projectId, importId: id })),
    );
    return imports.flatMap(({ runs }) => runs);
  },
  projects: async ({ api }) => (await api.projects.list.query(all)).items,
  async references({ api, projectId }) {
    const { items } = await api.issues.list.query({ projectId, ...all });
    const issues = await Promise.all(items.map(({ id }) => api.issues.get.query({ projectId, issueId: id })));
    return issues.flatMap(({ id, referencedBy }) =>
      referencedBy.map(({ issue, comment, createdAt }) => ({
        issueId: id,
        sourceIssueId: issue?.id ?? null,
        sourceCommentId: comment?.id ?? null,
        createdAt,
      })),
    );
  },
  async serviceConfigs({ api, projectId }) {
    const { items } = await api.services.list.query({ projectId, ...all });
    const pages = await Promise.all(
      items.map(({ id }) => api.services.configs.query({ projectId, serviceId: id, ...all })),
    );
    return pages.flatMap((page) =>
      page.items.map(({ serviceId, key, isSecret }) => ({ serviceId, projectId, key, isSecret })),
    );
  },
  services: async ({ api, projectId }) => (await api.services.list.query({ projectId, ...all })).items,
  targets: async ({ api, projectId }) => (await api.targets.list.query({ projectId, ...all })).items,
  tasks: async ({ api, projectId }) => (await api.tasks.list.query({ projectId, ...all })).items,
  async terms({ api, projectId }) {
    const { items } = await api.vocabularies.list.query({ projectId, ...all });
    const pages = await Promise.all(
      items.map(({ id }) => api.vocabularies.terms.query({ projectId, vocabularyId: id, ...all })),
    );
    return pages.flatMap((page) => page.items.map(({ path: _, ...term }) => term));
  },
  async transfers({ api, projectId }) {
    const { items } = await api.projects.transfers.query(all);
    return items.filter((transfer) => transfer.projectId === projectId);
  },
  vocabularies: async ({ api, projectId }) =>
    (await api.vocabularies.list.query({ projectId, ...all })).items,
  webhooks: async ({ api, projectId }) => (await api.webhooks.list.query({ projectId, ...all })).items,
};

/** What `get` tells of patterns beyond their lists. */
export const details: Partial<Record<ListName, (place: Place) => Promise<object[]>>> = {
  async fields({ api, projectId }) {
    const { items } = await api.fields.list.query({ projectId, ...all });
    return Promise.all(items.map(({ id }) => api.fields.get.query({ projectId, fieldId: id })));
  },
  async models({ api, projectId }) {
    const { items } = await api.models.list.query({ projectId, ...all });
    return Promise.all(items.map(({ id }) => api.models.get.query({ projectId, modelId: id })));
  },
  async collections({ api, projectId }) {
    const { items } = await api.collections.list.query({ projectId, ...all });
    return Promise.all(items.map(({ id }) => api.collections.get.query({ projectId, collectionId: id })));
  },
};

export function watchEverything({ api, projectId }: Place): Frames<ProjectEvent> {
  return collectFrames<ProjectEvent>((on) => api.projects.watch.subscribe({ projectId }, on));
}
