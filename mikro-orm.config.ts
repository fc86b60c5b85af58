import { join } from 'node:path';
import { UnderscoreNamingStrategy, defineConfig } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';
import { AuditSubscriber } from './src/events/audit.ts';
import { entities } from './src/entities/index.ts';
import { patternsDeletedSoftly } from './src/entities/patterns/patternEntities.ts';

/** Foreign keys are properties that hold the key itself (`projectId`), so the column is their own name. */
class KeyNaming extends UnderscoreNamingStrategy {
  override joinKeyColumnName(propertyName: string): string {
    return this.propertyToColumnName(propertyName);
  }
}

/**
 * What the ORM is told of the schema; the connection is added by `openDatabase`. Tables that are written
 * by SQL alone (the event log, counters, other libraries' own) are left out of the drift check.
 */
export default defineConfig({
  entities,
  dbName: 'tessera',
  namingStrategy: KeyNaming,
  discovery: { warnWhenNoEntities: true, checkDuplicateTableNames: true },
  extensions: [Migrator],
  forceUtcTimezone: true,
  autoJoinRefsForFilters: false,
  processOnCreateHooksEarly: true,
  validateRequired: true,
  subscribers: [new AuditSubscriber()],
  loadStrategy: 'joined',
  metadataCache: { enabled: false },
  filters: {
    notDeleted: {
      name: 'notDeleted',
      cond: { deletedAt: null },
      default: true,
      entity: [
        'Institution',
        'Actor',
        'Project',
        'CommentThread',
        'Comment',
        'Milestone',
        'Task',
        'Issue',
        'MediaFile',
        ...patternsDeletedSoftly,
      ],
    },
  },
  migrations: {
    // Whatever folder the program is started from.
    path: join(import.meta.dirname, 'migrations'),
    pathTs: join(import.meta.dirname, 'migrations'),
    tableName: 'migrations',
    transactional: true,
    allOrNothing: true,
    snapshot: false,
    emit: 'ts',
    silent: true,
  },
  schemaGenerator: {
    ignoreSchema: ['graphile_worker'],
    skipTables: [
      'migrations',
      /^events/,
      'streams',
      'follower_cursors',
      'mutations',
      'authz_epochs',
      'authz_versions',
      'authz_defaults',
      'access_changes',
      'rate_limits',
      'presence_nodes',
      'presences',
      'search_words',
      'upload_leases',
    ],
    skipViews: ['casbin'],
    ignoreRoutines: true,
    ignoreTriggers: true,
  },
});
