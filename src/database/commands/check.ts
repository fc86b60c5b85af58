/** `npm run db:check`: fails, showing the difference, when entities and migrations do not describe the same schema. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../embedded/startEmbedded.ts';
import { migrate } from '../migrate.ts';
import { openDatabase } from '../openDatabase.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'tessera-check-'));
const embedded = await startEmbedded({ dataDir, durable: false });
try {
  await using database = await openDatabase(embedded.connection, { poolSize: 4, onPoolError: () => {} });
  await migrate(database.orm, database.reads);
  const difference = (await database.orm.schema.getUpdateSchemaSQL()).trim();
  if (difference === '') console.log('Entities and migrations describe the same schema.');
  else {
    console.error(`The entities want what no migration does:\n${difference}\nWrite a migration with npm run db:new -- <verb_noun>.`);
    process.exitCode = 1;
  }
} finally {
  await embedded.stop();
  await rm(dataDir, { recursive: true, force: true });
}
