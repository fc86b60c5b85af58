/** `npm run db:migrate [-- up|down]`: all migrations up (default), or the last one down. */
import { migrate } from '../migrate.ts';
import { withDatabase } from './withDatabase.ts';

const direction = process.argv[2] ?? 'up';

await withDatabase(async ({ orm, reads }) => {
  if (direction === 'up') {
    const applied = await migrate(orm, reads);
    console.log(applied.length > 0 ? `Applied: ${applied.join(', ')}` : 'The schema is up to date.');
  } else if (direction === 'down') {
    const reverted = await orm.migrator.down();
    console.log(`Reverted: ${reverted.map((migration) => migration.name).join(', ') || 'nothing'}`);
  } else {
    console.error(`Say up or down, not ${direction}.`);
    process.exitCode = 1;
  }
});
