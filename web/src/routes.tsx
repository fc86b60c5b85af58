/**
 * Every page of the console: one line each. The file that `load` names exports the page as its default.
 *
 * - `frame`: `guest` stands alone and needs no session; `app` stands in the frame; `project` below the project's tabs,
 *   `admin` below those of the administration.
 * - `nav`: the entry in the main navigation, for `app` pages; `tab`: the one among its frame's tabs. Entries stand in the
 *   order of this table, and are shown to those who hold `needs`.
 */
import {
  IconChecklist,
  IconCircleDot,
  IconCoins,
  IconFiles,
  IconFolders,
  IconHistory,
  IconInbox,
  IconMessages,
  IconMovie,
  IconPlayerPlay,
  IconPuzzle,
  IconSettings,
  IconShieldLock,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';

export interface Entry {
  label: string;
  icon: ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>;
  /** The permission without which it is not shown; of several, any will do. */
  needs: string | readonly string[];
  /** Shows the number of unread notifications beside it. */
  badge?: 'unread';
}

interface Loads {
  path: string;
  load: () => Promise<{ default: ComponentType }>;
  /** The permission without which there is a notice instead of the page; its entry's, if it has one. */
  needs?: string | readonly string[];
}
export type ConsoleRoute = Loads &
  (
    | { frame: 'guest'; nav?: never; tab?: never }
    | { frame: 'app'; nav?: Entry; tab?: never }
    | { frame: 'project'; tab?: Entry; nav?: never }
    | { frame: 'admin'; tab?: Entry; nav?: never }
  );

export const routes: readonly ConsoleRoute[] = [
  { path: '/sign-in', frame: 'guest', load: () => import('./pages/signIn/SignIn.tsx') },
  { path: '/register', frame: 'guest', load: () => import('./pages/signIn/Register.tsx') },
  { path: '/forgotten', frame: 'guest', load: () => import('./pages/signIn/Forgotten.tsx') },
  { path: '/setup', frame: 'guest', load: () => import('./pages/signIn/SetUp.tsx') },
  { path: '/verify', frame: 'guest', load: () => import('./pages/signIn/Verify.tsx') },
  { path: '/reset', frame: 'guest', load: () => import('./pages/signIn/Reset.tsx') },

  { path: '/account/sessions', frame: 'app', load: () => import('./pages/account/Sessions.tsx') },
  { path: '/account/keys', frame: 'app', load: () => import('./pages/account/ApiKeys.tsx') },

  {
    path: '/projects',
    frame: 'app',
    load: () => import('./pages/projects/Projects.tsx'),
    nav: { label: 'Projects', icon: IconFolders, needs: 'projects.list' },
  },
  {
    path: '/inbox',
    frame: 'app',
    load: () => import('./pages/inbox/Inbox.tsx'),
    nav: { label: 'Inbox', icon: IconInbox, needs: 'notifications.groups', badge: 'unread' },
  },
  { path: '/inbox/preferences', frame: 'app', load: () => import('./pages/inbox/Preferences.tsx') },
  {
    path: '/credits',
    frame: 'app',
    load: () => import('./pages/credits/CreditsPage.tsx'),
    nav: { label: 'Credits', icon: IconCoins, needs: 'credits.balance' },
  },
  { path: '/projects/new', frame: 'app', load: () => import('./pages/projects/NewProject.tsx') },

  {
    path: '/projects/$projectId/activity',
    frame: 'project',
    load: () => import('./pages/project/Activity.tsx'),
    tab: { label: 'Activity', icon: IconHistory, needs: 'projects.activity' },
  },
  {
    path: '/projects/$projectId/files',
    frame: 'project',
    load: () => import('./pages/files/Files.tsx'),
    tab: { label: 'Files', icon: IconFiles, needs: 'repositories.files' },
  },
  {
    path: '/projects/$projectId/files/view',
    frame: 'project',
    load: () => import('./pages/files/File.tsx'),
  },
  {
    path: '/projects/$projectId/threads',
    frame: 'project',
    load: () => import('./pages/files/Threads.tsx'),
    tab: { label: 'Threads', icon: IconMessages, needs: 'threads.list' },
  },
  {
    path: '/projects/$projectId/threads/$threadId',
    frame: 'project',
    load: () => import('./pages/files/ThreadPlace.tsx'),
  },
  {
    path: '/projects/$projectId/tasks',
    frame: 'project',
    load: () => import('./pages/tasks/Tasks.tsx'),
    tab: { label: 'Tasks', icon: IconChecklist, needs: 'tasks.list' },
  },
  {
    path: '/projects/$projectId/tasks/new',
    frame: 'project',
    load: () => import('./pages/tasks/NewTask.tsx'),
    needs: 'tasks.create',
  },
  {
    path: '/projects/$projectId/tasks/milestones',
    frame: 'project',
    load: () => import('./pages/tasks/Milestones.tsx'),
    needs: 'milestones.list',
  },
  {
    path: '/projects/$projectId/tasks/milestones/new',
    frame: 'project',
    load: () => import('./pages/tasks/NewMilestone.tsx'),
    needs: 'milestones.create',
  },
  {
    path: '/projects/$projectId/tasks/milestones/$milestoneId',
    frame: 'project',
    load: () => import('./pages/tasks/MilestonePage.tsx'),
    needs: 'milestones.get',
  },
  {
    path: '/projects/$projectId/tasks/$taskId',
    frame: 'project',
    load: () => import('./pages/tasks/TaskPage.tsx'),
    needs: 'tasks.get',
  },
  {
    path: '/projects/$projectId/issues',
    frame: 'project',
    load: () => import('./pages/issues/Issues.tsx'),
    tab: { label: 'Issues', icon: IconCircleDot, needs: 'issues.list' },
  },
  {
    path: '/projects/$projectId/issues/new',
    frame: 'project',
    load: () => import('./pages/issues/NewIssue.tsx'),
    needs: 'issues.create',
  },
  {
    path: '/projects/$projectId/issues/$number',
    frame: 'project',
    load: () => import('./pages/issues/IssuePage.tsx'),
    needs: 'issues.get',
  },
  {
    path: '/projects/$projectId/jobs',
    frame: 'project',
    load: () => import('./pages/jobs/Jobs.tsx'),
    tab: { label: 'Jobs', icon: IconPlayerPlay, needs: 'jobs.list' },
  },
  {
    path: '/projects/$projectId/jobs/$jobId',
    frame: 'project',
    load: () => import('./pages/jobs/JobPage.tsx'),
  },
  {
    path: '/projects/$projectId/media',
    frame: 'project',
    load: () => import('./pages/media/MediaList.tsx'),
    tab: { label: 'Media', icon: IconMovie, needs: 'media.list' },
  },
  {
    path: '/projects/$projectId/media/$mediaId',
    frame: 'project',
    load: () => import('./pages/media/MediaPage.tsx'),
  },
  {
    path: '/projects/$projectId/webhooks',
    frame: 'project',
    load: () => import('./pages/webhooks/Webhooks.tsx'),
    tab: { label: 'Webhooks', icon: IconWebhook, needs: 'webhooks.list' },
  },
  {
    path: '/projects/$projectId/webhooks/$webhookId',
    frame: 'project',
    load: () => import('./pages/webhooks/WebhookPage.tsx'),
  },
  {
    path: '/projects/$projectId/patterns',
    frame: 'project',
    load: () => import('./pages/patterns/Overview.tsx'),
    tab: { label: 'Patterns', icon: IconPuzzle, needs: 'fields.list' },
  },
  {
    path: '/projects/$projectId/patterns/imports',
    frame: 'project',
    load: () => import('./pages/patterns/Imports.tsx'),
    needs: 'patternImports.list',
  },
  {
    path: '/projects/$projectId/patterns/imports/$importId',
    frame: 'project',
    load: () => import('./pages/patterns/ImportPage.tsx'),
    needs: 'patternImports.get',
  },
  {
    path: '/projects/$projectId/patterns/$kind',
    frame: 'project',
    load: () => import('./pages/patterns/Browse.tsx'),
    needs: 'fields.list',
  },
  {
    path: '/projects/$projectId/patterns/$kind/new',
    frame: 'project',
    load: () => import('./pages/patterns/NewPattern.tsx'),
    needs: 'fields.create',
  },
  {
    path: '/projects/$projectId/patterns/$kind/$patternId',
    frame: 'project',
    load: () => import('./pages/patterns/Detail.tsx'),
    needs: 'fields.get',
  },
  {
    path: '/projects/$projectId/patterns/$kind/$patternId/edit',
    frame: 'project',
    load: () => import('./pages/patterns/EditPattern.tsx'),
    needs: 'fields.update',
  },
  {
    path: '/projects/$projectId/patterns/$kind/$patternId/history',
    frame: 'project',
    load: () => import('./pages/patterns/History.tsx'),
    needs: 'fields.history',
  },

  {
    path: '/projects/$projectId/members',
    frame: 'project',
    load: () => import('./pages/project/Members.tsx'),
    tab: { label: 'Members', icon: IconUsers, needs: 'members.list' },
  },
  {
    path: '/projects/$projectId/settings',
    frame: 'project',
    load: () => import('./pages/project/Settings.tsx'),
    tab: { label: 'Settings', icon: IconSettings, needs: 'projects.update' },
  },

  {
    path: '/projects/$projectId/audit',
    frame: 'project',
    load: () => import('./pages/admin/audit/ProjectAudit.tsx'),
    tab: { label: 'Audit log', icon: IconShieldLock, needs: 'audit.list' },
  },
  {
    path: '/projects/$projectId/delivery',
    frame: 'project',
    load: () => import('./pages/trace/Trace.tsx'),
    tab: { label: 'Delivery', icon: IconHistory, needs: 'realtime.trace' },
  },

  {
    path: '/admin',
    frame: 'app',
    load: () => import('./pages/admin/Administration.tsx'),
    nav: {
      label: 'Administration',
      icon: IconShieldLock,
      needs: [
        'policies.matrix',
        'policies.explain',
        'actors.list',
        'payments.listAll',
        'audit.system',
        'system.health',
        'system.settings',
      ],
    },
  },
  {
    path: '/admin/policy',
    frame: 'admin',
    load: () => import('./pages/admin/policy/Permissions.tsx'),
    tab: { label: 'Permissions', icon: IconShieldLock, needs: 'policies.matrix' },
  },
  {
    path: '/admin/policy/history',
    frame: 'admin',
    load: () => import('./pages/admin/policy/History.tsx'),
    needs: 'policies.history',
  },
  {
    path: '/admin/policy/fixtures',
    frame: 'admin',
    load: () => import('./pages/admin/policy/Fixtures.tsx'),
    needs: 'policies.fixtures',
  },
  {
    path: '/admin/policy/file',
    frame: 'admin',
    load: () => import('./pages/admin/policy/PolicyFile.tsx'),
    needs: 'policies.export',
  },
  {
    path: '/admin/explain',
    frame: 'admin',
    load: () => import('./pages/admin/explain/Explain.tsx'),
    tab: { label: 'Explain', icon: IconShieldLock, needs: 'policies.explain' },
  },
  {
    path: '/admin/roles',
    frame: 'admin',
    load: () => import('./pages/admin/roles/Roles.tsx'),
    tab: { label: 'Roles', icon: IconShieldLock, needs: 'roles.assign' },
  },
  {
    path: '/admin/people',
    frame: 'admin',
    load: () => import('./pages/admin/people/People.tsx'),
    tab: { label: 'People', icon: IconUsers, needs: 'actors.list' },
  },
  {
    path: '/admin/people/$actorId',
    frame: 'admin',
    load: () => import('./pages/admin/people/PersonPage.tsx'),
    needs: 'actors.list',
  },
  {
    path: '/admin/payments',
    frame: 'admin',
    load: () => import('./pages/admin/payments/Payments.tsx'),
    tab: { label: 'Payments', icon: IconCoins, needs: 'payments.listAll' },
  },
  {
    path: '/admin/audit',
    frame: 'admin',
    load: () => import('./pages/admin/audit/SystemAudit.tsx'),
    tab: { label: 'Audit log', icon: IconHistory, needs: 'audit.system' },
  },
  {
    path: '/admin/health',
    frame: 'admin',
    load: () => import('./pages/admin/system/Health.tsx'),
    tab: { label: 'Health', icon: IconShieldLock, needs: 'system.health' },
  },
  {
    path: '/admin/settings',
    frame: 'admin',
    load: () => import('./pages/admin/system/Settings.tsx'),
    tab: { label: 'Settings', icon: IconShieldLock, needs: 'system.settings' },
  },
];
