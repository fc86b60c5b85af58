/** Every entity; MikroORM and the drift check read this list. */
import { Institution } from './identity/Institution.ts';
import { Role } from './identity/Role.ts';
import { Actor } from './identity/Actor.ts';
import { OrganizationMember } from './identity/OrganizationMember.ts';
import { Session } from './identity/Session.ts';
import { ApiKey } from './identity/ApiKey.ts';
import { EmailToken } from './identity/EmailToken.ts';
import { CasbinRule } from './policies/CasbinRule.ts';
import { AuditLog } from './policies/AuditLog.ts';
import { AuditSalt } from './policies/AuditSalt.ts';
import { AuditSeal } from './policies/AuditSeal.ts';
import { PolicyFixture } from './policies/PolicyFixture.ts';
import { Project } from './projects/Project.ts';
import { ProjectMember } from './projects/ProjectMember.ts';
import { ProjectTransfer } from './projects/ProjectTransfer.ts';
import { ProjectManifest } from './repositories/ProjectManifest.ts';
import { RepoSync } from './repositories/RepoSync.ts';
import { SourceFile } from './repositories/SourceFile.ts';
import { Job } from './jobs/Job.ts';
import { CommentThread } from './threads/CommentThread.ts';
import { Comment } from './threads/Comment.ts';
import { CommentReaction } from './threads/CommentReaction.ts';
import { CommentMention } from './threads/CommentMention.ts';
import { ThreadSubscription } from './threads/ThreadSubscription.ts';
import { ThreadRead } from './threads/ThreadRead.ts';
import { Notification } from './notifications/Notification.ts';
import { NotificationPreference } from './notifications/NotificationPreference.ts';
import { DigestSetting } from './notifications/DigestSetting.ts';
import { MailDigest } from './notifications/MailDigest.ts';
import { NotificationMail } from './notifications/NotificationMail.ts';
import { Milestone } from './tracking/Milestone.ts';
import { Task } from './tracking/Task.ts';
import { TaskDependency } from './tracking/TaskDependency.ts';
import { TaskEvent } from './tracking/TaskEvent.ts';
import { TaskReminder } from './tracking/TaskReminder.ts';
import { Issue } from './social/Issue.ts';
import { IssueCounter } from './social/IssueCounter.ts';
import { IssueReference } from './social/IssueReference.ts';
import { Star } from './social/Star.ts';
import { Watch } from './social/Watch.ts';
import { patternEntities } from './patterns/patternEntities.ts';
import { versionEntities } from './versions/versionEntities.ts';
import { translationEntities } from './translation/translationEntities.ts';
import { registryEntities } from './registry/registryEntities.ts';
import { mediaEntities } from './media/mediaEntities.ts';
import { creditEntities } from './credits/creditEntities.ts';
import { collaborationEntities } from './collaboration/collaborationEntities.ts';

export const entities = [
  Institution,
  Role,
  Actor,
  OrganizationMember,
  Session,
  ApiKey,
  EmailToken,
  CasbinRule,
  AuditLog,
  AuditSalt,
  AuditSeal,
  PolicyFixture,
  Project,
  ProjectMember,
  ProjectTransfer,
  ProjectManifest,
  RepoSync,
  SourceFile,
  Job,
  CommentThread,
  Comment,
  CommentReaction,
  CommentMention,
  ThreadSubscription,
  ThreadRead,
  Notification,
  NotificationPreference,
  DigestSetting,
  MailDigest,
  NotificationMail,
  Milestone,
  Task,
  TaskDependency,
  TaskEvent,
  TaskReminder,
  Issue,
  IssueCounter,
  IssueReference,
  Star,
  Watch,
  ...patternEntities,
  ...versionEntities,
  ...translationEntities,
  ...registryEntities,
  ...mediaEntities,
  ...creditEntities,
  ...collaborationEntities,
];
