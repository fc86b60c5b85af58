/** The main job on a real repository, from registering to a right taken away: `npm run demo`. */
import { resolve } from 'node:path';
import { parseArgs, styleText } from 'node:util';
import { openWire } from './cutWire.ts';
import { DemoError, toDemoError } from './DemoError.ts';
import { type Table, discuss } from './discuss.ts';
import { joinAs, watchNotifications, watchThreads } from './joinAs.ts';
import { loseConnection } from './loseConnection.ts';
import { type ProvidedServer, provideServer } from './provideServer.ts';
import { type Spot, chooseSpot, listFiles, syncRepository } from './readRepository.ts';
import { removeMember } from './removeMember.ts';
import { Timeline } from './timeline.ts';

const help = `npm run demo [-- --repo <path or https URL>]

Shows two people at work on a git repository (default: this checkout's own). Uses the Tessera on
127.0.0.1:PORT (3000) if one runs there, else a temporary one that is removed afterwards.`;

/** A local path made absolute; what names another machine stays as it is, for the server to judge. */
function readRepositoryOption(given: string | undefined): { url: string; path: string | undefined } {
  if (given !== undefined && /^[^/]*:/.test(given)) return { url: given, path: undefined };
  const path = resolve(given ?? `${import.meta.dirname}/..`);
  return { url: path, path };
}

/** Adds what only the demo knows to a refusal of the server's. */
function explainRefusal(error: unknown, server: ProvidedServer, path: string | undefined): DemoError {
  const found = toDemoError(error);
  if (server.isTemporary || path === undefined || !found.message.includes('REPOSITORY_URL_REFUSED'))
    return found;
  return new DemoError(
    found.message,
    `${found.remedy} The Tessera at ${server.url} was started without this one: start it with REPOSITORY_PATHS=${path}, ` +
      'or stop it, and the demo starts one of its own.',
  );
}

const showLine = ({ path, line, text }: Spot) => `${path}:${line} │ ${text.trim()}`;

async function play(
  closing: AsyncDisposableStack,
  repository: { url: string; path: string | undefined },
): Promise<void> {
  const timeline = new Timeline();
  timeline.part('Tessera, live');
  const server = await provideServer(repository.path, closing, (url) => {
    console.log(`  no Tessera runs at ${url}: starting a temporary one …`);
  });
  const wire = closing.use(await openWire(server.url));
  timeline.facts({
    server: `${server.url} (${server.isTemporary ? 'temporary, removed afterwards' : 'was running'})`,
    repository: repository.url,
  });

  timeline.part('1  A project on a repository');
  const first = await joinAs('Ada', server.url, timeline);
  closing.defer(() => first.client.close());
  const second = await joinAs('Ben', wire.url, timeline);
  closing.defer(() => second.client.close());
  const project = await first.client.projects.create.mutate({
    name: `Demo of ${first.username}`,
    repositoryUrl: repository.url,
  });
  const projectId = project.id;
  timeline.row(first.name, `creates the project ${project.identifier}`);
  await first.client.members.add.mutate({ projectId, actorId: second.id, role: 'editor' });
  timeline.row(first.name, `adds @${second.username} as an editor`);
  await syncRepository(first, projectId, timeline).catch((error: unknown) => {
    throw explainRefusal(error, server, repository.path);
  });

  const manifest = await first.client.repositories.manifest.query({ projectId });
  const files = await listFiles(first, projectId);
  const blobs = new Set(files.map(({ sha256 }) => sha256).filter(Boolean)).size;
  const spot = await chooseSpot(first, projectId, files);
  timeline.part('   What was read');
  timeline.facts({
    repository: repository.url,
    commit: `${manifest.commitSha} (${manifest.ref})`,
    files: `${manifest.fileCount}`,
    blobs: files.length < manifest.fileCount ? `${blobs} in the first ${files.length} files` : `${blobs}`,
    ...(manifest.warnings.length > 0 ? { warnings: manifest.warnings.join(' ') } : {}),
    line: showLine(spot),
  });

  timeline.part('2  A discussion on that line');
  const table: Table = {
    projectId,
    first,
    second,
    firstThreads: await watchThreads(first, projectId),
    secondThreads: await watchThreads(second, projectId),
    firstInbox: await watchNotifications(first),
    timeline,
  };
  timeline.row('both', `watch the threads of the project, ${first.name} also her notifications`);
  const threadId = await discuss(table, spot);

  timeline.part('3  A network that fails');
  await loseConnection(table, threadId, wire);

  timeline.part('4  A right taken away');
  await removeMember(table, threadId);

  timeline.part('Latencies');
  timeline.summary();
  console.log();
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { repo: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const interrupted = Promise.withResolvers<never>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interrupted.reject(new DemoError(`it was interrupted (${signal}).`)));
  }
  await using closing = new AsyncDisposableStack();
  const playing = play(closing, readRepositoryOption(values.repo));
  // Interrupted, it fails once more when its server goes away.
  playing.catch(() => {});
  await Promise.race([playing, interrupted.promise]);
  return 0;
}

const complain = (text: string) => console.error(styleText('red', text, { stream: process.stderr }));

process.exit(
  await main().catch((error: unknown) => {
    const { message, remedy } = toDemoError(error);
    complain(`\nThe demo stopped: ${message}`);
    if (remedy) console.error(`What to do: ${remedy}`);
    return 1;
  }),
);
