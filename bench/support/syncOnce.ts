/** One sync in a process of its own: prints its peak memory in megabytes. Parameters: connection, data directory, repository. */
import { dirname } from 'node:path';
import type { Connection } from '../../src/database/openDatabase.ts';
import { openWorkplace } from './workplace.ts';

const [connection = '', dataDir = '', repository = ''] = process.argv.slice(2);
{
  await using place = await openWorkplace(JSON.parse(connection) as Connection, dataDir, dirname(repository));
  await place.sync(repository);
}
console.log(Math.round(process.resourceUsage().maxRSS / 1024));
