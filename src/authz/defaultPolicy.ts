/**
 * The built-in roles and what each may do, as a fresh system starts with. Each procedure names the least
 * role that gets it; roles inherit upwards. After installation `casbin_rules` alone counts.
 */
export interface BuiltinRole {
  name: string;
  scope: 'system' | 'project';
  description: string;
  /** Roles whose permissions it has too. */
  inherits: string[];
}

/** Roles that an actor can be given. */
export const builtinRoles: BuiltinRole[] = [
  { name: 'admin', scope: 'system', description: 'Everything, everywhere.', inherits: [] },
  { name: 'user', scope: 'system', description: 'Every signed-in actor.', inherits: [] },
  {
    name: 'owner',
    scope: 'project',
    description: 'Everything in the project, deleting it included.',
    inherits: ['manager'],
  },
  {
    name: 'manager',
    scope: 'project',
    description: 'Members and settings of the project.',
    inherits: ['developer'],
  },
  {
    name: 'developer',
    scope: 'project',
    description: 'Runs jobs and moderates discussions.',
    inherits: ['editor'],
  },
  { name: 'editor', scope: 'project', description: 'Writes and discusses.', inherits: ['viewer'] },
  { name: 'viewer', scope: 'project', description: 'Reads.', inherits: ['guest'] },
];

/** Roles that nobody is given: everyone, everyone signed in, everyone signed in at a public project. */
export type ImplicitRole = 'anonymous' | 'authenticated' | 'guest';
export const implicitRoles: readonly { name: ImplicitRole; description: string }[] = [
  { name: 'anonymous', description: 'Everyone, signed in or not.' },
  { name: 'authenticated', description: 'Everyone who is signed in.' },
  { name: 'guest', description: 'Everyone who is signed in, in a public project.' },
];
type Grantee = ImplicitRole | 'user' | 'owner' | 'manager' | 'developer' | 'editor' | 'viewer' | 'admin';

/** router → procedure → the least role that may call it. */
export const defaultPermissions: Record<string, Record<string, Grantee>> = {
  auth: {
    register: 'anonymous',
    login: 'anonymous',
    setup: 'anonymous',
    verifyEmail: 'anonymous',
    requestPasswordReset: 'anonymous',
    resetPassword: 'anonymous',
    logout: 'authenticated',
    me: 'authenticated',
    permissions: 'authenticated',
    changePassword: 'authenticated',
    requestVerification: 'authenticated',
    sessions: 'authenticated',
    revokeSession: 'authenticated',
  },
  apiKeys: { create: 'user', list: 'user', revoke: 'user', rotate: 'user' },
  actors: { get: 'user', search: 'user', update: 'user', suspend: 'admin', unsuspend: 'admin' },
  organizations: {
    create: 'user',
    get: 'user',
    list: 'user',
    update: 'user',
    delete: 'user',
    restore: 'user',
    addMember: 'user',
    removeMember: 'user',
    setRole: 'user',
    members: 'user',
  },
  projects: {
    create: 'user',
    list: 'user',
    search: 'user',
    get: 'guest',
    watch: 'guest',
    activity: 'guest',
    update: 'manager',
    transfer: 'owner',
    delete: 'owner',
    restore: 'owner',
  },
  members: { list: 'viewer', add: 'manager', setRole: 'manager', remove: 'manager', leave: 'viewer' },
  repositories: {
    sync: 'developer',
    syncs: 'viewer',
    manifest: 'guest',
    files: 'guest',
    file: 'guest',
    diff: 'guest',
  },
  jobs: { get: 'viewer', list: 'viewer', watch: 'viewer', cancel: 'developer', retry: 'developer' },
  threads: {
    list: 'guest',
    get: 'guest',
    watch: 'guest',
    create: 'editor',
    resolve: 'editor',
    reopen: 'editor',
    subscribe: 'viewer',
    unsubscribe: 'viewer',
    markRead: 'viewer',
    delete: 'editor',
    restore: 'editor',
  },
  comments: {
    list: 'guest',
    add: 'editor',
    edit: 'editor',
    delete: 'editor',
    react: 'viewer',
    unreact: 'viewer',
  },
  milestones: {
    list: 'guest',
    get: 'guest',
    create: 'editor',
    update: 'editor',
    delete: 'developer',
    restore: 'developer',
  },
  tasks: {
    list: 'guest',
    get: 'guest',
    criticalPath: 'guest',
    burndown: 'guest',
    create: 'editor',
    update: 'editor',
    addDependency: 'editor',
    removeDependency: 'editor',
    delete: 'developer',
    restore: 'developer',
  },
  issues: {
    list: 'guest',
    get: 'guest',
    create: 'editor',
    update: 'editor',
    close: 'editor',
    reopen: 'editor',
    delete: 'developer',
    restore: 'developer',
  },
  stars: { list: 'user', set: 'guest', remove: 'guest' },
  watches: { list: 'user', set: 'guest', remove: 'guest' },
  notifications: {
    list: 'user',
    groups: 'user',
    unreadCount: 'user',
    markRead: 'user',
    markAllRead: 'user',
    preferences: 'user',
    setPreference: 'user',
    watch: 'user',
  },
  categories: {
    list: 'guest',
    get: 'guest',
    history: 'guest',
    whereUsed: 'guest',
    create: 'editor',
    update: 'editor',
    delete: 'developer',
    restore: 'developer',
  },
  fields: {
    list: 'guest',
    get: 'guest',
    history: 'guest',
    whereUsed: 'guest',
    create: 'editor',
    update: 'editor',
    delete: 'developer',
    restore: 'developer',
    adopt: 'editor',
    setSemantics: 'editor',
  },
  models: {
    list: 'guest',
    get: 'guest',
    history: 'guest',
    whereUsed: 'guest',
    create: 'editor',
    update: 'editor',
    delete: 'developer',
    restore: 'developer',
    adopt: 'editor',
    setFields: 'editor',
    setCollections: 'editor',
  },
  collections: {
    list: 'guest',
    get: 'guest',
    history: 'guest',
    whereUsed: 'guest',
    create: 'editor',
    update: 'editor',
    delete: 'developer',
    restore: 'developer',
    adopt: 'editor',
    setFields: 'editor',
  },
  ontologies: {
    list: 'guest',
    get: 'guest',
    history: 'guest',
    whereUsed: 'guest',
    create: 'editor',
    update: 'editor',
    delete: 'developer',
    restore: 'developer',
    classes: 'guest',
    addClass: 'editor',
    updateClass: 'editor',
    removeClass: 'editor',
  },
  vocabularies: {
    list: 'guest',
    get: 'guest',
    history: 'guest',
    whereUsed: 'guest',
    create: 'editor',
    update: 'editor',
    delete: 'developer',
    restore: 'developer',
    terms: 'guest',
    addTerm: 'editor',
    updateTerm: 'editor',
    removeTerm: 'editor',
  },
  patternImports: {
    openShared: 'user',
    list: 'viewer',
    get: 'viewer',
    create: 'developer',
    append: 'developer',
    run: 'developer',
    rejections: 'developer',
  },
  audit: { list: 'manager', system: 'admin' },
  policies: {
    matrix: 'admin',
    propose: 'admin',
    apply: 'admin',
    history: 'admin',
    rollback: 'admin',
    explain: 'admin',
    whoCan: 'admin',
    whatCan: 'admin',
    fixtures: 'admin',
    putFixture: 'admin',
    removeFixture: 'admin',
    test: 'admin',
    export: 'admin',
    import: 'admin',
  },
  roles: {
    create: 'admin',
    get: 'user',
    list: 'user',
    update: 'admin',
    delete: 'admin',
    assign: 'admin',
    unassign: 'admin',
  },
};

/** The default policy as Casbin lines: [ptype, v0, v1, v2, v3?]. */
export function defaultRules(): string[][] {
  const rules: string[][] = [['p', 'role:admin', '*', '*', 'allow']];
  for (const [object, actions] of Object.entries(defaultPermissions)) {
    for (const [action, grantee] of Object.entries(actions))
      rules.push(['p', `role:${grantee}`, object, action, 'allow']);
  }
  for (const role of builtinRoles)
    for (const parent of role.inherits) rules.push(['g', `role:${role.name}`, `role:${parent}`, '*']);
  return rules;
}
