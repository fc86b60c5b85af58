/** Where a column of a design lives, when that is not the column of the same name in the table of the same name. */
export interface Home {
  /** `table.column`. */
  home: string;
  why: string;
}

const person = { table: 'actors', why: 'one table for people and organizations' };

/** Tables that are another one now. */
export const movedTables: Record<string, { table: string; why: string }> = { users: person };

const base = (column: string): Home => ({
  home: `jobs.${column}`,
  why: 'every kind of job shares its id with a row of `jobs`',
});
const baseOf = (...columns: string[]) => Object.fromEntries(columns.map((column) => [column, base(column)]));

/** Table (as the design names it) → column → home. */
export const movedColumns: Record<string, Record<string, Home>> = {
  users: {
    role: { home: 'actors.role_id', why: 'the system role, a row of `roles`' },
  },
  actors: {
    role: { home: 'actors.role_id', why: 'the system role, a row of `roles`' },
  },
  roles: {
    permissions: { home: 'casbin_rules.v1', why: 'read from the policy, never stored twice' },
  },
  projects: {
    repo_url: { home: 'projects.repository_url', why: 'one name for it' },
    fork_url: { home: 'projects.fork_repo_url', why: 'one name for it' },
    user_id: { home: 'projects.owner_id', why: 'one name for it' },
  },
  jobs: {
    input_media_id: { home: 'media_jobs.input_media_id', why: 'of media jobs alone' },
    output_media_id: { home: 'media_jobs.output_media_id', why: 'of media jobs alone' },
  },
  repo_syncs: {
    ...baseOf('error_message', 'started_at', 'finished_at'),
    status: {
      home: 'jobs.status',
      why: 'PENDING, RUNNING, SUCCESS, FAILED are pending, running, completed, failed',
    },
  },
  ai_jobs: {
    ...baseOf('user_id', 'created_at', 'updated_at'),
    status: {
      home: 'jobs.status',
      why: 'QUEUED, RUNNING, SUCCESS, FAILED are queued, running, completed, failed',
    },
  },
  refactor_jobs: { ...baseOf('user_id', 'status', 'created_at', 'updated_at') },
  notifications: {
    read: { home: 'notifications.read_at', why: 'read: it is not null' },
  },
};
