import type { TestProject } from 'vitest/node';
import { installPolicy } from '../../src/authz/installPolicy.ts';
import { addEventPartitions } from '../../src/database/addEventPartitions.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase } from '../../src/database/openDatabase.ts';
import { migrateWorker } from '../../src/jobs/migrateWorker.ts';
import { startTestCluster } from './cluster.ts';

/** One PostgreSQL for the run, with a migrated template that each test file's database is a copy of. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const { cluster, stop } = await startTestCluster(async (connection) => {
    await using database = await openDatabase(connection, { poolSize: 4, onPoolError: () => {} });
    await migrate(database.orm, database.reads);
    await migrateWorker(connection);
    await addEventPartitions(database.reads);
    await installPolicy(database.orm);
  });
  provide('cluster', cluster);
  return stop;
}
