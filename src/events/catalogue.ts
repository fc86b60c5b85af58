/**
 * Every type of durable event: the shape of its payload, what it is about, and the permission that whoever
 * reads it must hold. Payloads are views, the same that the query procedures return.
 */
import { z } from 'zod';
import { moment, uuid } from '../views/columns.ts';
import { creditBalance } from '../views/credits.ts';
import { jobView } from '../views/jobs.ts';
import { mediaView } from '../views/media.ts';
import { notificationView } from '../views/notifications.ts';
import { patternImportRunView } from '../views/patternImports.ts';
import {
  categoryView,
  collectionView,
  composedOfCollections,
  composedOfFields,
  fieldMeaning,
  fieldView,
  modelView,
  ontologyClassView,
  ontologyView,
  termView,
  vocabularyView,
} from '../views/patterns.ts';
import { transactionView } from '../views/payments.ts';
import { memberView, projectView } from '../views/projects.ts';
import { transferView } from '../views/transfers.ts';
import { manifestView } from '../views/repositories.ts';
import { serviceConfigRef, serviceView, webhookView } from '../views/registry.ts';
import { issueReferenceView, issueView, starView } from '../views/social.ts';
import { commentView, reactionView, threadView } from '../views/threads.ts';
import { fileTranslationView, targetView } from '../views/translation.ts';
import { dependencyView, milestoneView, taskView } from '../views/tracking.ts';

interface EventRow<P extends z.ZodType> {
  payload: P;
  /** `noun:id`. */
  subject: (payload: z.infer<P>) => string;
  /** Procedure whose permission a reader of this event must hold; null: the stream is the reader's own. */
  permission: string | null;
}
const event = <P extends z.ZodType>(
  payload: P,
  subject: (payload: z.infer<P>) => string,
  permission: string | null,
): EventRow<P> => ({ payload, subject, permission });

const project = event(projectView, ({ id }) => `project:${id}`, 'projects.get');
const member = event(memberView, ({ actor }) => `actor:${actor.id}`, 'members.list');
const transfer = event(transferView, ({ id }) => `transfer:${id}`, 'projects.transfer');
const job = event(jobView, ({ id }) => `job:${id}`, 'jobs.list');
const thread = event(threadView, ({ id }) => `thread:${id}`, 'threads.list');
const comment = event(commentView, ({ threadId }) => `thread:${threadId}`, 'comments.list');
const reaction = event(
  z.object({
    threadId: uuid,
    commentId: uuid,
    actorId: uuid,
    emoji: z.string(),
    /** All that stand under the comment now. */
    reactions: z.array(reactionView),
  }),
  ({ threadId }) => `thread:${threadId}`,
  'comments.list',
);

const media = event(mediaView, ({ id }) => `media:${id}`, 'media.list');
const milestone = event(milestoneView, ({ id }) => `milestone:${id}`, 'milestones.list');
const task = event(taskView, ({ id }) => `task:${id}`, 'tasks.list');
const dependency = event(dependencyView, ({ taskId }) => `task:${taskId}`, 'tasks.list');
const issue = event(issueView, ({ id }) => `issue:${id}`, 'issues.list');
const star = event(starView, ({ projectId }) => `project:${projectId}`, 'stars.list');

// Semantic patterns
const category = event(categoryView, ({ id }) => `category:${id}`, 'categories.list');
const field = event(fieldView, ({ id }) => `field:${id}`, 'fields.list');
const model = event(modelView, ({ id }) => `model:${id}`, 'models.list');
const collection = event(collectionView, ({ id }) => `collection:${id}`, 'collections.list');
const ontology = event(ontologyView, ({ id }) => `ontology:${id}`, 'ontologies.list');
const ontologyClass = event(
  ontologyClassView,
  ({ ontologyId }) => `ontology:${ontologyId}`,
  'ontologies.classes',
);
const vocabulary = event(vocabularyView, ({ id }) => `vocabulary:${id}`, 'vocabularies.list');
const term = event(termView, ({ vocabularyId }) => `vocabulary:${vocabularyId}`, 'vocabularies.terms');

// Registry
const service = event(serviceView, ({ id }) => `service:${id}`, 'services.list');
const serviceConfig = event(serviceConfigRef, ({ serviceId }) => `service:${serviceId}`, 'services.configs');
const webhook = event(webhookView, ({ id }) => `webhook:${id}`, 'webhooks.list');

// Translations
const target = event(targetView, ({ id }) => `target:${id}`, 'targets.list');

// Credits: an account's own stream
const payment = event(transactionView, ({ id }) => `transaction:${id}`, null);

export const catalogue = {
  'project.created': project,
  'project.updated': project,
  'project.deleted': project,
  'project.restored': project,
  'member.added': member,
  'member.roleChanged': member,
  'member.removed': member,
  'transfer.offered': transfer,
  'transfer.ended': transfer,
  'manifest.created': event(manifestView, ({ id }) => `manifest:${id}`, 'repositories.manifest'),
  'job.queued': job,
  'job.started': job,
  'job.completed': job,
  'job.failed': job,
  'job.cancelled': job,
  'thread.created': event(
    z.object({ thread: threadView, comment: commentView }),
    ({ thread: created }) => `thread:${created.id}`,
    'threads.list',
  ),
  'thread.resolved': thread,
  'thread.reopened': thread,
  'thread.moved': thread,
  'thread.outdated': thread,
  'thread.deleted': thread,
  'thread.restored': thread,
  'comment.added': comment,
  'comment.edited': comment,
  'comment.deleted': event(
    z.object({ id: uuid, threadId: uuid }),
    ({ threadId }) => `thread:${threadId}`,
    'comments.list',
  ),
  'comment.reacted': reaction,
  'comment.unreacted': reaction,
  'media.created': media,
  'media.uploaded': media,
  'media.ready': media,
  'media.failed': media,
  'media.updated': media,
  'media.deleted': media,
  'media.restored': media,
  'milestone.created': milestone,
  'milestone.updated': milestone,
  'milestone.progressed': milestone,
  'milestone.deleted': milestone,
  'milestone.restored': milestone,
  'task.created': task,
  'task.updated': task,
  'task.assigned': task,
  'task.blocked': task,
  'task.unblocked': task,
  'task.due': task,
  'task.deleted': task,
  'task.restored': task,
  'task.dependencyAdded': dependency,
  'task.dependencyRemoved': dependency,
  'issue.created': issue,
  'issue.updated': issue,
  'issue.assigned': issue,
  'issue.closed': issue,
  'issue.reopened': issue,
  'issue.deleted': issue,
  'issue.restored': issue,
  'issue.referenced': event(issueReferenceView, ({ issueId }) => `issue:${issueId}`, 'issues.list'),
  'star.added': star,
  'star.removed': star,
  'notification.added': event(notificationView, ({ subject }) => subject, null),
  'notification.read': event(
    z
      .object({ ids: z.array(uuid).nullable(), readAt: moment })
      .describe('ids of what was unread until now; null: everything'),
    () => 'inbox:all',
    null,
  ),
  // Semantic patterns
  'category.created': category,
  'category.updated': category,
  'category.deleted': category,
  'category.restored': category,
  'field.created': field,
  'field.updated': field,
  'field.deleted': field,
  'field.restored': field,
  'field.adopted': field,
  'field.semanticsSet': event(fieldMeaning, ({ id }) => `field:${id}`, 'fields.list'),
  'model.created': model,
  'model.updated': model,
  'model.deleted': model,
  'model.restored': model,
  'model.adopted': model,
  'model.fieldsSet': event(composedOfFields, ({ id }) => `model:${id}`, 'models.list'),
  'model.collectionsSet': event(composedOfCollections, ({ id }) => `model:${id}`, 'models.list'),
  'collection.created': collection,
  'collection.updated': collection,
  'collection.deleted': collection,
  'collection.restored': collection,
  'collection.adopted': collection,
  'collection.fieldsSet': event(composedOfFields, ({ id }) => `collection:${id}`, 'collections.list'),
  'ontology.created': ontology,
  'ontology.updated': ontology,
  'ontology.deleted': ontology,
  'ontology.restored': ontology,
  'ontology.adopted': ontology,
  'ontology.classAdded': ontologyClass,
  'ontology.classUpdated': ontologyClass,
  'ontology.classRemoved': ontologyClass,
  'vocabulary.created': vocabulary,
  'vocabulary.updated': vocabulary,
  'vocabulary.deleted': vocabulary,
  'vocabulary.restored': vocabulary,
  'vocabulary.termAdded': term,
  'vocabulary.termUpdated': term,
  'vocabulary.termRemoved': term,
  'patternImport.completed': event(
    patternImportRunView,
    ({ importId }) => `patternImport:${importId}`,
    'patternImports.list',
  ),
  // Registry
  'service.created': service,
  'service.updated': service,
  'service.deleted': service,
  'service.configSet': serviceConfig,
  'service.configRemoved': serviceConfig,
  'webhook.created': webhook,
  'webhook.updated': webhook,
  'webhook.deleted': webhook,
  'webhook.secretRotated': webhook,
  'webhook.disabled': webhook,
  // Translations
  'target.created': target,
  'target.updated': target,
  'target.paused': target,
  'target.resumed': target,
  'target.deleted': target,
  'fileTranslation.recorded': event(
    fileTranslationView,
    ({ targetId }) => `target:${targetId}`,
    'fileTranslations.list',
  ),
  // Credits and payments
  'credits.changed': event(creditBalance, ({ actorId }) => `credits:${actorId}`, null),
  'payment.succeeded': payment,
  'payment.refunded': payment,
} satisfies Record<string, EventRow<z.ZodType>>;

export type EventType = keyof typeof catalogue;
export type Payload<T extends EventType> = z.infer<(typeof catalogue)[T]['payload']>;
