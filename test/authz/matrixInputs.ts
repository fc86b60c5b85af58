/**
 * For every procedure an input that it takes, chosen so that nothing is lost when the call gets through:
 * what it names is not there, is refused by a rule of its own, or is of no consequence. A procedure that is
 * not here fails the matrix: add its line.
 */
import { randomUUID } from 'node:crypto';

/** Where a call is made. */
export interface Place {
  projectId: string;
}

const nowhere = randomUUID();
const token = 'tsm_0000000000000000000000000000000000000000000';
const password = 'not the password of anyone';
const soon = new Date(Date.now() + 3_600_000);
const later = new Date(Date.now() + 7_200_000);
const account = () => ({ name: 'Someone', username: 'someone', email: 'someone@example.org', password });
const unique = (prefix: string) => `${prefix}${randomUUID().slice(0, 8)}`;

type Input = (place: Place) => Record<string, unknown>;

const nothing: Input = () => ({});
const project: Input = ({ projectId }) => ({ projectId });
/** In the project, with more beside. */
const and =
  (more: Record<string, unknown>): Input =>
  (place) => ({ ...project(place), ...more });
const actor = { actorId: nowhere };
const comment = { commentId: nowhere };
const thread = { threadId: nowhere };
const job = { jobId: nowhere };
const issue = { issueId: nowhere };
const task = { taskId: nowhere };
const milestone = { milestoneId: nowhere };
const organization = { organizationId: nowhere };

/** What all nouns have that patterns are made of. */
function patternNoun(router: string, noun: string): Record<string, Input> {
  const one = and({ [`${noun}Id`]: nowhere });
  return {
    [`${router}.create`]: and({ name: 'Name' }),
    [`${router}.delete`]: one,
    [`${router}.get`]: one,
    [`${router}.history`]: one,
    [`${router}.list`]: project,
    [`${router}.restore`]: one,
    [`${router}.update`]: one,
    [`${router}.whereUsed`]: one,
  };
}
/** Adopting from the project itself is nothing. */
const adopting =
  (noun: string): Input =>
  ({ projectId }) => ({ projectId, fromProjectId: projectId, [`${noun}Id`]: nowhere });

const rule = { kind: 'permission', role: 'viewer', object: 'jobs', action: 'retry', effect: 'allow' };
/** Epoch 0 was before every policy: whatever is decided on it comes too late. */
const stale = { baseEpoch: 0, reason: 'the matrix' };
const changes = [{ op: 'add', rule }];

export const inputs: Record<string, Input> = {
  'actors.delete': nothing,
  'actors.get': () => actor,
  'actors.search': () => ({ text: 'nobody' }),
  'actors.suspend': () => actor,
  'actors.unsuspend': () => actor,
  'actors.update': nothing,
  'apiKeys.create': () => ({ name: 'key', scopes: ['projects.get'] }),
  'apiKeys.list': nothing,
  'apiKeys.revoke': () => ({ apiKeyId: nowhere }),
  'apiKeys.rotate': () => ({ apiKeyId: nowhere }),
  'audit.export': project,
  'audit.exportSystem': nothing,
  'audit.list': project,
  'audit.system': nothing,
  'audit.verify': project,
  'audit.verifySystem': nothing,
  'auth.changePassword': () => ({ currentPassword: password, newPassword: password }),
  'auth.login': () => ({ email: 'nobody@example.org', password }),
  'auth.logout': nothing,
  'auth.me': nothing,
  'auth.permissions': nothing,
  'auth.register': account,
  'auth.requestPasswordReset': () => ({ email: 'nobody@example.org' }),
  'auth.requestVerification': nothing,
  'auth.resetPassword': () => ({ token, password }),
  'auth.revokeSession': () => ({ sessionId: nowhere }),
  'auth.sessions': nothing,
  'auth.setup': () => ({ token, ...account() }),
  'auth.verifyEmail': () => ({ token }),
  ...patternNoun('categories', 'category'),
  ...patternNoun('collections', 'collection'),
  'collections.adopt': adopting('collection'),
  'collections.setFields': and({ collectionId: nowhere, fields: [] }),
  'comments.add': and({ ...thread, body: 'Hello.' }),
  'comments.delete': and(comment),
  'comments.edit': and({ ...comment, body: 'Hello.' }),
  'comments.list': and(thread),
  'comments.react': and({ ...comment, emoji: '👍' }),
  'comments.unreact': and({ ...comment, emoji: '👍' }),
  'credits.balance': nothing,
  'credits.grant': () => ({ ...actor, amount: 1, reason: 'the matrix' }),
  'credits.history': nothing,
  'credits.holds': nothing,
  'credits.quote': and({ jobType: 'media.translate' }),
  'credits.watch': nothing,
  ...patternNoun('fields', 'field'),
  'fields.adopt': adopting('field'),
  'fields.setSemantics': and({ fieldId: nowhere, semantics: [] }),
  'fileTranslations.list': project,
  'fileTranslations.progress': project,
  'fileTranslations.record': and({ sourceFileId: nowhere, targetId: nowhere, status: 'IN_PROGRESS' }),
  'institutions.create': () => ({ name: 'Institution', identifier: unique('institution-') }),
  'institutions.delete': () => ({ institutionId: nowhere }),
  'institutions.get': () => ({ institutionId: nowhere }),
  'institutions.list': nothing,
  'institutions.restore': () => ({ institutionId: nowhere }),
  'institutions.update': () => ({ institutionId: nowhere }),
  'issues.close': and(issue),
  'issues.create': and({ title: 'Issue' }),
  'issues.delete': and(issue),
  'issues.get': and(issue),
  'issues.list': project,
  'issues.reopen': and(issue),
  'issues.restore': and(issue),
  'issues.update': and(issue),
  'jobs.cancel': and(job),
  'jobs.get': and(job),
  'jobs.list': project,
  'jobs.retry': and(job),
  'jobs.watch': project,
  'members.add': and({ ...actor, role: 'viewer' }),
  'members.leave': project,
  'members.list': project,
  'members.remove': and(actor),
  'members.setRole': and({ ...actor, role: 'viewer' }),
  'milestones.create': and({ title: 'Milestone', startAt: soon, endAt: later }),
  'milestones.delete': and(milestone),
  'milestones.get': and(milestone),
  'milestones.list': project,
  'milestones.restore': and(milestone),
  'milestones.update': and(milestone),
  ...patternNoun('models', 'model'),
  'models.adopt': adopting('model'),
  'models.setCollections': and({ modelId: nowhere, collections: [] }),
  'models.setFields': and({ modelId: nowhere, fields: [] }),
  'notifications.groups': nothing,
  'notifications.list': nothing,
  'notifications.markAllRead': nothing,
  'notifications.markRead': () => ({ ids: [nowhere] }),
  'notifications.preferences': nothing,
  'notifications.setPreference': () => ({ type: 'mention', isEnabled: true }),
  'notifications.unreadCount': nothing,
  'notifications.watch': nothing,
  ...patternNoun('ontologies', 'ontology'),
  'ontologies.addClass': and({ ontologyId: nowhere, name: 'Class', uri: 'https://example.org/Class' }),
  'ontologies.classes': and({ ontologyId: nowhere }),
  'ontologies.removeClass': and({ classId: nowhere }),
  'ontologies.updateClass': and({ classId: nowhere }),
  'organizations.addMember': () => ({ ...organization, ...actor }),
  'organizations.create': () => ({ name: 'Guild', username: unique('guild') }),
  'organizations.delete': () => organization,
  'organizations.get': () => organization,
  'organizations.list': nothing,
  'organizations.members': () => organization,
  'organizations.removeMember': () => ({ ...organization, ...actor }),
  'organizations.restore': () => organization,
  'organizations.setRole': () => ({ ...organization, ...actor, role: 'member' }),
  'organizations.update': () => ({ ...organization, name: 'Guild' }),
  'patternImports.append': and({ importId: nowhere, kind: 'field', index: 0, content: 'Name' }),
  'patternImports.create': project,
  'patternImports.get': and({ importId: nowhere }),
  'patternImports.list': project,
  'patternImports.openShared': () => ({ organizationId: nowhere }),
  'patternImports.rejections': and({ runId: nowhere }),
  'patternImports.run': and({ importId: nowhere }),
  'payments.checkout': () => ({ packageId: 'nothing' }),
  'payments.listAll': nothing,
  'payments.packages': nothing,
  'payments.refund': () => ({ transactionId: nowhere, reason: 'the matrix' }),
  'payments.transactions': nothing,
  'policies.apply': () => ({ changes, ...stale }),
  'policies.explain': () => ({ actorId: null, permission: 'projects.get' }),
  'policies.export': nothing,
  'policies.fixtures': nothing,
  'policies.history': nothing,
  'policies.import': () => ({ policy: 'p, role:viewer, jobs, retry, allow', ...stale, dryRun: true }),
  'policies.matrix': nothing,
  'policies.propose': () => ({ changes, baseEpoch: 0 }),
  'policies.putFixture': () => ({ name: 'fixture', source: 'no fixture' }),
  'policies.removeFixture': () => ({ name: 'no such fixture' }),
  'policies.rollback': () => ({ epoch: 0, ...stale }),
  'policies.test': nothing,
  'policies.whatCan': () => ({ actorId: null }),
  'policies.whoCan': () => ({ permission: 'policies.apply' }),
  'presence.set': and({ state: 'gone' }),
  'presence.typing': and({ ...thread, isTyping: false }),
  'presence.watch': project,
  'presence.watchTyping': project,
  'projects.activity': project,
  'projects.create': () => ({ name: 'Made by the matrix', identifier: unique('made-') }),
  'projects.delete': project,
  'projects.get': project,
  'projects.list': nothing,
  'projects.restore': project,
  'projects.search': () => ({ text: 'matrix' }),
  'projects.transfer': and(actor),
  'projects.update': and({ name: 'Never', version: 1_000_000 }),
  'projects.watch': project,
  'realtime.trace': and({ seq: Number.MAX_SAFE_INTEGER }),
  'repositories.diff': and({ path: 'a.ts', from: 1, to: 2 }),
  'repositories.file': and({ path: 'a.ts' }),
  'repositories.files': project,
  'repositories.manifest': project,
  'repositories.sync': project,
  'repositories.syncs': project,
  'roles.assign': () => ({ ...actor, role: 'user' }),
  'roles.create': () => ({ name: 'viewer', scope: 'project' }),
  'roles.delete': () => ({ name: 'no-such-role' }),
  'roles.get': () => ({ name: 'viewer' }),
  'roles.list': nothing,
  'roles.unassign': () => actor,
  'roles.update': () => ({ name: 'no-such-role', description: '' }),
  'services.configs': and({ serviceId: nowhere }),
  'services.create': and({ name: 'Service', url: 'https://example.org' }),
  'services.delete': and({ serviceId: nowhere }),
  'services.get': and({ serviceId: nowhere }),
  'services.list': project,
  'services.removeConfig': and({ serviceId: nowhere, key: 'KEY' }),
  'services.setConfig': and({ serviceId: nowhere, key: 'KEY', value: 1 }),
  'services.update': and({ serviceId: nowhere }),
  'sourceFiles.list': project,
  'search.query': () => ({ text: 'nobody' }),
  'stars.list': nothing,
  'stars.remove': project,
  'stars.set': project,
  'targets.create': and({ languageCode: 'fr' }),
  'targets.delete': and({ targetId: nowhere }),
  'targets.list': project,
  'targets.pause': and({ targetId: nowhere }),
  'targets.resume': and({ targetId: nowhere }),
  'targets.update': and({ targetId: nowhere }),
  'tasks.addDependency': and({ ...task, dependsOn: nowhere }),
  'tasks.burndown': and(milestone),
  'tasks.create': and({ title: 'Task' }),
  'tasks.criticalPath': project,
  'tasks.delete': and(task),
  'tasks.get': and(task),
  'tasks.list': project,
  'tasks.removeDependency': and({ ...task, dependsOn: nowhere }),
  'tasks.restore': and(task),
  'tasks.update': and(task),
  'threads.create': and({ subjectType: 'job', subjectId: nowhere, body: 'Hello.' }),
  'threads.delete': and(thread),
  'threads.get': and(thread),
  'threads.list': project,
  'threads.markRead': and(thread),
  'threads.reopen': and(thread),
  'threads.resolve': and(thread),
  'threads.restore': and(thread),
  'threads.subscribe': and(thread),
  'threads.unsubscribe': and(thread),
  'threads.watch': project,
  ...patternNoun('vocabularies', 'vocabulary'),
  'vocabularies.addTerm': and({ vocabularyId: nowhere, name: 'Term' }),
  'vocabularies.removeTerm': and({ termId: nowhere }),
  'vocabularies.terms': and({ vocabularyId: nowhere }),
  'vocabularies.updateTerm': and({ termId: nowhere }),
  'watches.list': nothing,
  'watches.remove': project,
  'watches.set': and({ level: 'all' }),
  'webhooks.create': and({ url: 'https://hooks.example.invalid/', events: ['*'] }),
  'webhooks.delete': and({ webhookId: nowhere }),
  'webhooks.deliveries': and({ webhookId: nowhere }),
  'webhooks.delivery': and({ webhookId: nowhere, deliveryId: nowhere }),
  'webhooks.events': () => ({ pattern: 'issue.created' }),
  'webhooks.get': and({ webhookId: nowhere }),
  'webhooks.health': and({ webhookId: nowhere }),
  'webhooks.list': project,
  'webhooks.ping': and({ webhookId: nowhere }),
  'webhooks.replay': and({ webhookId: nowhere, deliveryId: nowhere }),
  'webhooks.rotateSecret': and({ webhookId: nowhere }),
  'webhooks.update': and({ webhookId: nowhere }),
};

/** What does have consequences if it gets through: called last, one after the other, in this order. */
export const consequential = ['projects.delete', 'projects.restore', 'members.leave', 'auth.logout'];
