import type { EventType, Payload } from '../../src/events/catalogue.ts';
import type { IssueReferenceView, IssueView } from '../../src/views/social.ts';
import type { DependencyView, MilestoneView, TaskView } from '../../src/views/tracking.ts';
import type { Outputs, Watched } from './index.ts';

type Item<R extends keyof Outputs> = Outputs[R] extends { list: { items: (infer T)[] } } ? T : never;

/** What each list holds: the items of the procedure of that name, or what is said here. */
export interface ListItems {
  categories: Item<'categories'>;
  collections: Item<'collections'>;
  /** Which tasks wait for which. */
  dependencies: DependencyView;
  fields: Item<'fields'>;
  fileTranslations: Item<'fileTranslations'>;
  issues: IssueView;
  jobs: Item<'jobs'>;
  /** `repositories.manifest`, by version. */
  manifests: Outputs['repositories']['manifest'];
  media: Item<'media'>;
  members: Item<'members'>;
  milestones: MilestoneView;
  models: Item<'models'>;
  ontologies: Item<'ontologies'>;
  /** `ontologies.classes`, of any ontologies. */
  ontologyClasses: Payload<'ontology.classAdded'>;
  projects: Item<'projects'>;
  /** Runs of imports, as `patternImports.get` tells them. */
  patternImportRuns: Payload<'patternImport.completed'>;
  /** What refers to an issue, of any issues. */
  references: IssueReferenceView;
  /** Which keys are set in `services.configs`; values are not told of. */
  serviceConfigs: Payload<'service.configSet'>;
  services: Item<'services'>;
  targets: Item<'targets'>;
  tasks: TaskView;
  /** `vocabularies.terms`, of any vocabularies, without their paths. */
  terms: Payload<'vocabulary.termAdded'>;
  /** Offers of the project that stand: `projects.transfers`. */
  transfers: Payload<'transfer.offered'>;
  vocabularies: Item<'vocabularies'>;
  webhooks: Item<'webhooks'>;
}
export type ListName = keyof ListItems;

interface ListRow {
  /** Events that bring an item as it is now. */
  put: readonly EventType[];
  /** Events after which it is there no longer. */
  remove: readonly EventType[];
  /** What tells the list's items apart; default: their ids. */
  key?: (item: never) => string;
  /** An event after which all items are gone that belong to the thing it is about. */
  removeAll?: { after: EventType; of: (item: never) => string };
}

const nouns = (
  noun: 'category' | 'vocabulary' | 'ontology' | 'field' | 'model' | 'collection',
  ...more: EventType[]
): ListRow => ({
  put: [`${noun}.created`, `${noun}.updated`, `${noun}.restored`, ...more],
  remove: [`${noun}.deleted`],
});

const lists: Record<ListName, ListRow> = {
  categories: nouns('category'),
  collections: nouns('collection', 'collection.adopted', 'collection.fieldsSet'),
  dependencies: {
    put: ['task.dependencyAdded'],
    remove: ['task.dependencyRemoved'],
    key: ({ taskId, dependsOn }: DependencyView) => `${taskId} ${dependsOn}`,
  },
  fields: nouns('field', 'field.adopted', 'field.semanticsSet'),
  fileTranslations: {
    put: ['fileTranslation.recorded'],
    remove: [],
    removeAll: { after: 'target.deleted', of: ({ targetId }: ListItems['fileTranslations']) => targetId },
  },
  issues: {
    put: [
      'issue.created',
      'issue.updated',
      'issue.assigned',
      'issue.closed',
      'issue.reopened',
      'issue.restored',
    ],
    remove: ['issue.deleted'],
  },
  jobs: {
    put: ['job.queued', 'job.started', 'job.completed', 'job.failed', 'job.cancelled'],
    remove: [],
  },
  manifests: { put: ['manifest.created'], remove: [] },
  media: {
    put: [
      'media.created',
      'media.uploaded',
      'media.ready',
      'media.failed',
      'media.updated',
      'media.restored',
    ],
    remove: ['media.deleted'],
  },
  members: {
    put: ['member.added', 'member.roleChanged'],
    remove: ['member.removed'],
    key: ({ actor }: ListItems['members']) => actor.id,
  },
  milestones: {
    put: ['milestone.created', 'milestone.updated', 'milestone.progressed', 'milestone.restored'],
    remove: ['milestone.deleted'],
  },
  models: nouns('model', 'model.adopted', 'model.fieldsSet', 'model.collectionsSet'),
  ontologies: nouns('ontology', 'ontology.adopted'),
  ontologyClasses: {
    put: ['ontology.classAdded', 'ontology.classUpdated'],
    remove: ['ontology.classRemoved'],
  },
  projects: {
    put: ['project.created', 'project.updated', 'project.restored'],
    remove: ['project.deleted'],
  },
  patternImportRuns: { put: ['patternImport.completed'], remove: [] },
  references: {
    put: ['issue.referenced'],
    remove: [],
    key: ({ issueId, sourceIssueId, sourceCommentId }: IssueReferenceView) =>
      `${issueId} ${sourceIssueId ?? sourceCommentId}`,
  },
  serviceConfigs: {
    put: ['service.configSet'],
    remove: ['service.configRemoved'],
    key: ({ serviceId, key }: ListItems['serviceConfigs']) => `${serviceId} ${key}`,
    removeAll: { after: 'service.deleted', of: ({ serviceId }: ListItems['serviceConfigs']) => serviceId },
  },
  services: { put: ['service.created', 'service.updated'], remove: ['service.deleted'] },
  targets: {
    put: ['target.created', 'target.updated', 'target.paused', 'target.resumed'],
    remove: ['target.deleted'],
  },
  tasks: {
    put: [
      'task.created',
      'task.updated',
      'task.assigned',
      'task.blocked',
      'task.unblocked',
      'task.due',
      'task.restored',
    ],
    remove: ['task.deleted'],
  },
  terms: {
    put: ['vocabulary.termAdded', 'vocabulary.termUpdated'],
    remove: ['vocabulary.termRemoved'],
  },
  transfers: { put: ['transfer.offered'], remove: ['transfer.ended'] },
  vocabularies: nouns('vocabulary'),
  webhooks: {
    put: ['webhook.created', 'webhook.updated', 'webhook.secretRotated', 'webhook.disabled'],
    remove: ['webhook.deleted'],
  },
};

/** Names of the lists that an event of this type changes. */
export const listsOf = (type: EventType): ListName[] =>
  (Object.keys(lists) as ListName[]).filter((name) => {
    const { put, remove, removeAll } = lists[name];
    return put.includes(type) || remove.includes(type) || removeAll?.after === type;
  });

const idOf = ({ id }: { id: string }) => id;

/** The item with what the event says of the keys that it has: a list's item does not grow into a detail. */
function renew(known: object, payload: object): object {
  const told = Object.entries(payload).filter(([key]) => key in known);
  return { ...known, ...Object.fromEntries(told) };
}

/**
 * A list of things in a project after an event of `projects.watch`; `items` are those before it, and are not
 * changed. An item that was read with more, as by `get`, keeps what the event does not speak of. What is new
 * comes last: the order is the caller's. Start to watch before the list is read: an event brings an item as
 * it then was and later ones follow, so applying one that the list knew already does no harm.
 */
export function applyToList<N extends ListName>(
  list: N,
  items: readonly ListItems[N][],
  event: Watched<'projects'>,
): readonly ListItems[N][] {
  const { put, remove, removeAll } = lists[list];
  const keyOf = (lists[list].key ?? idOf) as (item: object) => string;
  const type = event.type as EventType;
  const { payload } = event as { payload: { id: string } };
  if (removeAll?.after === type) return items.filter((item) => removeAll.of(item as never) !== payload.id);
  const isPut = put.includes(type);
  if (!isPut && !remove.includes(type)) return items;
  const key = keyOf(payload);
  if (!isPut) return items.filter((item) => keyOf(item) !== key);
  const isKnown = items.some((item) => keyOf(item) === key);
  if (!isKnown) return [...items, payload as ListItems[N]];
  return items.map((item) => (keyOf(item) === key ? (renew(item, payload) as ListItems[N]) : item));
}
