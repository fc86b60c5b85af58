/**
 * `npm run bench:sync [-- --rounds=5 --files=10000]`: a first sync of a repository through the queue, the
 * handler and a durable database, in turn with `git clone --bare` and SHA-256 of each file through
 * `git cat-file --batch`: of a packed repository, as git itself leaves one of this size (`gc.auto` packs beyond
 * 6,700 objects), and of the same one kept loose, an object a file. Then the peak memory of a process that syncs
 * a repository with, and one without, a file of 200 MB. The last line is JSON; figures are medians over the
 * rounds, and the ones without prefix are those of the packed repository.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { addEventPartitions } from '../src/database/addEventPartitions.ts';
import { startEmbedded } from '../src/database/embedded/startEmbedded.ts';
import { migrate } from '../src/database/migrate.ts';
import { type Connection, openDatabase } from '../src/database/openDatabase.ts';
import { migrateWorker } from '../src/jobs/migrateWorker.ts';
import { cloneAndHash } from './peers/cloneAndHash.ts';
import { median } from './support/median.ts';
import { makeRepository } from './support/repository.ts';
import { openWorkplace } from './support/workplace.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    files: { type: 'string', default: '10000' },
  },
});
const rounds = Number(values.rounds);
const files = Number(values.files);
const bytesPerFile = 4_000;
const largeFile = 200 * 2 ** 20;

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

interface Comparison {
  sync: number;
  peer: number;
  ratio: number;
}

/** Syncs and clones the repository in turn, each time anew; the first round warms up. */
async function compare(
  name: string,
  repository: string,
  root: string,
  connection: Connection,
): Promise<Comparison> {
  const syncMs: number[] = [];
  const peerMs: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const clone = join(root, `clone-${name}-${round}.git`);
    await using place = await openWorkplace(
      connection,
      join(root, `data-${name}-${round}`),
      dirname(repository),
    );
    const sync = await time(() => place.sync(repository));
    const peer = await time(() => cloneAndHash(repository, clone));
    console.log(
      `${name}, ${round === 0 ? 'warm-up' : `round ${round}`}: sync ${sync.toFixed(0)} ms, clone and hash ${peer.toFixed(0)} ms`,
    );
    await rm(clone, { recursive: true });
    if (round === 0) continue;
    syncMs.push(sync);
    peerMs.push(peer);
  }
  const ratio = median(syncMs.map((ms, index) => ms / (peerMs[index] ?? Number.NaN)));
  return {
    sync: Math.round(median(syncMs)),
    peer: Math.round(median(peerMs)),
    ratio: Number(ratio.toFixed(2)),
  };
}

/** Megabytes that a process takes at most which does nothing but sync the repository once. */
async function measureMemory(repository: string, dataDir: string, connection: Connection): Promise<number> {
  const program = fileURLToPath(new URL('support/syncOnce.ts', import.meta.url));
  const parameters = [program, JSON.stringify(connection), dataDir, repository];
  const { stdout } = await promisify(execFile)(process.execPath, parameters);
  return Number(stdout.trim().split('\n').at(-1));
}

const root = await mkdtemp(join(tmpdir(), 'tessera-bench-'));
// Durable, as the real default is: what the sync promises is on the disk when it ends.
const embedded = await startEmbedded({ dataDir: join(root, 'database') });
const { connection } = embedded;
try {
  {
    await using database = await openDatabase(connection, { poolSize: 4, onPoolError: () => {} });
    await migrate(database.orm, database.reads);
    await addEventPartitions(database.reads);
    await migrateWorker(connection);
  }
  const repositories = join(root, 'repositories');
  const [loose, packed, large] = ['loose', 'packed', 'large'].map((name) => join(repositories, name)) as [
    string,
    string,
    string,
  ];
  await makeRepository(loose, { files, bytesPerFile, isPacked: false });
  await makeRepository(packed, { files, bytesPerFile, isPacked: true });
  await makeRepository(large, { files, bytesPerFile, isPacked: true, largeFile });
  const asPacked = await compare('packed', packed, root, connection);
  const asLoose = await compare('loose', loose, root, connection);
  const rssSmall = await measureMemory(packed, join(root, 'data-small'), connection);
  const rssLarge = await measureMemory(large, join(root, 'data-large'), connection);

  console.log(`${files} files of ${bytesPerFile} bytes, ${rounds} rounds; medians:`);
  for (const [name, { sync, peer, ratio }] of Object.entries({
    packed: asPacked,
    loose: asLoose,
  })) {
    console.log(`${name}: a first sync ${sync} ms, clone and hash ${peer} ms, ratio ${ratio}`);
  }
  console.log(`peak memory: ${rssSmall} MB; with a file of 200 MB besides: ${rssLarge} MB`);
  console.log(
    JSON.stringify({
      bench: 'sync',
      files,
      sync_ms: asPacked.sync,
      peer_ms: asPacked.peer,
      sync_vs_peer: asPacked.ratio,
      loose_sync_ms: asLoose.sync,
      loose_peer_ms: asLoose.peer,
      loose_sync_vs_peer: asLoose.ratio,
      rss_mb_small: rssSmall,
      rss_mb_large_file: rssLarge,
    }),
  );
} finally {
  await embedded.stop();
  await rm(root, { recursive: true, force: true });
}
