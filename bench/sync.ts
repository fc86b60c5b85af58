/**
 * `npm run bench:sync [-- --rounds=5 --files=10000 --loose]`: a first sync of a repository through the queue,
 * the handler and a durable database, in turn with `git clone --bare` and SHA-256 of each file through
 * `git cat-file --batch`; then the peak memory of a process that syncs a repository with, and one without, a
 * file of 200 MB. `--loose` leaves the repository as `git commit` does; else it is packed as a clone's is.
 * The last line is JSON; figures are medians over the rounds.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { addEventPartitions } from '../src/database/addEventPartitions.ts';
import { startEmbedded } from '../src/database/embedded/startEmbedded.ts';
import { migrate } from '../src/database/migrate.ts';
import { openDatabase } from '../src/database/openDatabase.ts';
import { migrateWorker } from '../src/jobs/migrateWorker.ts';
import { cloneAndHash } from './peers/cloneAndHash.ts';
import { median } from './support/median.ts';
import { makeRepository } from './support/repository.ts';
import { openWorkplace } from './support/workplace.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    files: { type: 'string', default: '10000' },
    loose: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const files = Number(values.files);
const isPacked = !values.loose;
const bytesPerFile = 4_000;
const largeFile = 200 * 2 ** 20;

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
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
  const plain = join(repositories, 'plain');
  await makeRepository(plain, { files, bytesPerFile, isPacked });

  const syncMs: number[] = [];
  const peerMs: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const dataDir = join(root, `data${round}`);
    const clone = join(root, `clone${round}.git`);
    await using place = await openWorkplace(connection, dataDir, repositories);
    const sync = await time(() => place.sync(plain));
    const peer = await time(() => cloneAndHash(plain, clone));
    console.log(`${round === 0 ? 'warm-up' : `round ${round}`}: sync ${sync.toFixed(0)} ms, peer ${peer.toFixed(0)} ms`);
    if (round > 0) {
      syncMs.push(sync);
      peerMs.push(peer);
    }
    await rm(clone, { recursive: true });
  }

  const peakMemory = async (repository: string, dataDir: string): Promise<number> => {
    const program = fileURLToPath(new URL('support/syncOnce.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(connection), dataDir, repository]);
    return Number(stdout.trim().split('\n').at(-1));
  };
  const large = join(repositories, 'large');
  await makeRepository(large, { files, bytesPerFile, isPacked, largeFile });
  const rssSmall = await peakMemory(plain, join(root, 'data-small'));
  const rssLarge = await peakMemory(large, join(root, 'data-large'));

  const sync = median(syncMs);
  const peer = median(peerMs);
  const ratio = median(syncMs.map((ms, index) => ms / (peerMs[index] ?? Number.NaN)));
  console.log(`${files} files of ${bytesPerFile} bytes, ${isPacked ? 'packed' : 'loose'}, ${rounds} rounds`);
  console.log(`a first sync: ${sync.toFixed(0)} ms; clone and hash: ${peer.toFixed(0)} ms; ratio ${ratio.toFixed(2)}`);
  console.log(`peak memory: ${rssSmall} MB; with a file of 200 MB besides: ${rssLarge} MB`);
  console.log(
    JSON.stringify({
      bench: 'sync',
      files,
      sync_ms: Math.round(sync),
      peer_ms: Math.round(peer),
      sync_vs_peer: Number(ratio.toFixed(2)),
      rss_mb_small: rssSmall,
      rss_mb_large_file: rssLarge,
    }),
  );
} finally {
  await embedded.stop();
  await rm(root, { recursive: true, force: true });
}
