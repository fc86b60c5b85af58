/**
 * `npm run bench:data [-- --patterns=1000000 --translations=100000 --calls=200]`: lists, searches, the progress matrix
 * and compositions at a million patterns, through the procedures over HTTP, each in turn with hand-written SQL through
 * `pg` behind a bare node:http server (bench/peers/handwritten.ts). The last line is JSON: milliseconds as the caller
 * sees them, and `<name>_vs_sql` the ratio of the medians.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { fillLarge, languages } from '../demo/seed/large/fillLarge.ts';
import { heads, makeWords } from '../demo/seed/large/words.ts';
import { installPolicy } from '../src/authz/installPolicy.ts';
import { addEventPartitions } from '../src/database/addEventPartitions.ts';
import { startEmbedded } from '../src/database/embedded/startEmbedded.ts';
import { migrate } from '../src/database/migrate.ts';
import { openDatabase } from '../src/database/openDatabase.ts';
import { hashToken, makeSessionToken } from '../src/domain/identity/secrets.ts';
import { median } from './support/median.ts';
import { startPeer } from './support/peer.ts';
import { percentile } from './support/percentile.ts';

const { values } = parseArgs({
  options: {
    patterns: { type: 'string', default: '1000000' },
    translations: { type: 'string', default: '100000' },
    calls: { type: 'string', default: '200' },
  },
});
const patterns = Number(values.patterns);
const translations = Number(values.translations);
const calls = Number(values.calls);

const sql = {
  list: `
select id, project_id, name, identifier, description, uri, rdf_type, ontology_path, category_id, author_id, vocabulary_id,
  metadata, row_version, created_at, updated_at, deleted_at
from fields where project_id = $1 and deleted_at is null and (created_at, id) < ($2, $3)
order by created_at desc, id desc limit 51`,
  search: `
select id, name, identifier, ts_rank(search, plainto_tsquery('simple', $2)) as score
from fields where project_id = any($1) and deleted_at is null and search @@ plainto_tsquery('simple', $2) limit 51`,
  prefix: `
select id, name, identifier from fields
where project_id = any($1) and deleted_at is null and lower(name::text) like $2 || '%' order by lower(name::text) using ~<~ limit 51`,
  progress: `
select t.project_target_id, t.status, count(*) from file_translations t
where t.project_target_id in (select id from project_targets where project_id = $1) group by 1, 2`,
  composition: `
select m.*, (
  select jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'cardinality', c.cardinality) order by c.order_index)
  from model_fields c join fields f on f.id = c.field_id where c.model_id = m.id
) as fields
from models m where m.id = $1 and m.project_id = $2 and m.deleted_at is null`,
};

/** What one caller asks, on a connection that stays open. */
function makeCaller(port: number, token: string): (path: string, input: object) => Promise<string> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return (path, input) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const query = encodeURIComponent(JSON.stringify({ json: input }));
    const headers = { authorization: `Bearer ${token}` };
    request({ port, agent, headers, path: `/trpc/${path}?input=${query}` }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        response.statusCode === 200 ? resolve(text) : reject(new Error(`${path}: ${text.slice(0, 500)}`)),
      );
    })
      .on('error', reject)
      .end();
    return promise;
  };
}

interface Question {
  name: string;
  /** The n-th call through the procedures. */
  ask: (n: number) => Promise<unknown>;
  /** The same by hand; none where there is nothing of the kind. */
  byHand?: (n: number) => Promise<unknown>;
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const round = (ms: number) => Math.round(ms * 100) / 100;

/** Asks in turn, so that what else the machine does meets both alike. */
async function measure({ name, ask, byHand }: Question): Promise<[string, number][]> {
  const asked: number[] = [];
  const hand: number[] = [];
  for (let n = -20; n < calls; n += 1) {
    const ms = await time(() => ask(Math.abs(n)));
    const handMs = byHand ? await time(() => byHand(Math.abs(n))) : Number.NaN;
    if (n < 0) continue;
    asked.push(ms);
    hand.push(handMs);
  }
  const figures: [string, number][] = [
    [`${name}_p50_ms`, round(median(asked))],
    [`${name}_p95_ms`, round(percentile(asked, 0.95))],
  ];
  if (byHand)
    figures.push(
      [`${name}_sql_p50_ms`, round(median(hand))],
      [`${name}_sql_p95_ms`, round(percentile(hand, 0.95))],
      [`${name}_vs_sql`, round(median(asked) / median(hand))],
    );
  console.log(figures.map(([key, value]) => `${key} ${value}`).join('  '));
  return figures;
}

const dataDir = await mkdtemp(join(tmpdir(), 'tessera-bench-'));
const embedded = await startEmbedded({ dataDir, durable: false });
const { connection } = embedded;
try {
  const ownerId = uuidv7();
  const token = makeSessionToken();
  {
    await using database = await openDatabase(connection, { poolSize: 4, onPoolError: () => {} });
    await migrate(database.orm, database.reads);
    await addEventPartitions(database.reads);
    await installPolicy(database.orm);
    await database.reads.query(
      `insert into actors (id, actor_type, name, username, email, password_hash) values ($1, 'person', 'Bench', 'bench', 'bench@example.org', 'none')`,
      [ownerId],
    );
    await database.reads.query(
      `insert into sessions (id, user_id, token_hash, expires_at) values ($1, $2, $3, now() + interval '1 day')`,
      [uuidv7(), ownerId, hashToken(token)],
    );
  }
  await using pools = new AsyncDisposableStack();
  const pool = pools.adopt(new pg.Pool({ ...connection, max: 4 }), (open) => open.end());
  console.log(`filling: ${patterns} patterns, ${translations} file translations …`);
  const large = await fillLarge(pool, ownerId, {
    patterns,
    files: Math.ceil(translations / languages.length),
  });
  console.log(`patterns in ${large.seconds.toFixed(0)} s`);
  const projectId = large.projectIds[0] ?? '';
  const { projectIds } = large;
  const models = (
    await pool.query<{ id: string }>('select distinct model_id as id from model_fields order by 1 limit 1000')
  ).rows.map(({ id }) => id);
  await using tessera = await startPeer('tessera', { connection, dataDir });
  const ask = makeCaller(tessera.port, token);
  await using handwritten = await startPeer('handwritten', { connection, projectId, statements: sql });
  const askByHand = makeCaller(handwritten.port, token);

  const words = makeWords(8_000);
  const of = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;
  const rare = Array.from({ length: 97 }, (_, n) => words[4_000 + n * 41] ?? '');
  const common = ['recorded', 'see', 'title', 'each', 'kept', 'recorded for each', 'date of', words[0] ?? ''];
  const prefixes = ['tit', 'identif', 'date of ba', 'acc', 't', 'inscription of', 'mea', 'co'];
  /** Two letters in the middle swapped, or one left out. */
  const misspell = (word: string, n: number) => {
    const at = Math.floor(word.length / 2);
    return n % 2
      ? word.slice(0, at) + word.slice(at + 1)
      : word.slice(0, at - 1) + (word[at] ?? '') + (word[at - 1] ?? '') + word.slice(at + 1);
  };
  const typos = [...heads.map((head) => head.toLowerCase()).filter((head) => head.length > 5), ...rare]
    .map(misspell)
    .filter((typo) => !words.includes(typo));

  const search = (name: string, texts: readonly string[], statement?: keyof typeof sql): Question => ({
    name,
    ask: (n) => ask('search.query', { text: of(texts, n) }),
    ...(statement ? { byHand: (n: number) => askByHand(statement, [projectIds, of(texts, n)]) } : {}),
  });
  /** Where pages begin, so that the lists are read from many places. */
  const starts = (
    await pool.query<{ created_at: Date; id: string }>(
      `select created_at, id from fields where project_id = $1 and right(id::text, 2) = '00' order by created_at limit 400`,
      [projectId],
    )
  ).rows;
  const questions: Question[] = [
    {
      name: 'list',
      ask: (n) => {
        const { created_at: at, id } = of(starts, n);
        return ask('fields.list', {
          projectId,
          cursor: Buffer.from(`${at.getTime()} ${id}`).toString('base64url'),
        });
      },
      byHand: (n) => {
        const { created_at: at, id } = of(starts, n);
        return askByHand('list', [projectId, at, id]);
      },
    },
    search('search_rare', rare, 'search'),
    search('search_common', common, 'search'),
    search('search_prefix', prefixes, 'prefix'),
    search('suggest', typos),
    {
      name: 'progress',
      ask: () => ask('fileTranslations.progress', { projectId }),
      byHand: () => askByHand('progress', [projectId]),
    },
    {
      name: 'composition',
      ask: (n) => ask('models.get', { projectId, modelId: of(models, n) }),
      byHand: (n) => askByHand('composition', [of(models, n), projectId]),
    },
  ];
  const figures: [string, number][] = [];
  for (const question of questions) figures.push(...(await measure(question)));
  const { items } = (
    JSON.parse(await ask('search.query', { text: typos[0] })) as {
      result: { data: { json: { items: { match: string }[] } } };
    }
  ).result.data.json;
  if (items[0]?.match !== 'similar') throw new Error('The misspelt word was not corrected.');
  console.log(
    JSON.stringify({ bench: 'data', patterns, translations, calls, ...Object.fromEntries(figures) }),
  );
} finally {
  await embedded.stop();
  await rm(dataDir, { recursive: true, force: true });
}
