/** One world in which every page of the console has something to show. */
import { createGitWorld } from '../../drivers/makeRepository.ts';
import { type Receiver, startReceiver } from '../../support/receiver.ts';
import type { Person, TestServer } from '../../support/server.ts';
import { startFilmJobs } from '../support/filmJobs.ts';
import { startConsole } from '../support/openConsole.ts';
import { administer } from './administer.ts';
import { fillMedia, fillWebhooks, followJobs } from './fillBackground.ts';
import { fillPatterns } from './fillPatterns.ts';
import { fillRepository } from './fillRepository.ts';
import { fillWork } from './fillWork.ts';

export interface People {
  ada: Person;
  bob: Person;
  cleo: Person;
  admin: Person;
}

/** What stands for the parameters of addresses, and more ids that pages are looked at by. */
export type Ids = Record<string, string>;

export interface WalkWorld extends AsyncDisposable {
  server: TestServer;
  people: People;
  ids: Ids;
}

const packages = [
  { id: 'small', credits: 1_000, amountCents: 1_000, currency: 'EUR' },
  { id: 'large', credits: 12_000, amountCents: 10_000, currency: 'EUR' },
];

async function invite(server: TestServer): Promise<People> {
  const admin = await server.admin();
  const [ada, bob, cleo] = [
    await server.person('Ada'),
    await server.person('Bob'),
    await server.person('Cleo'),
  ];
  return { ada, bob, cleo, admin };
}

async function makeProjects({ ada, bob, cleo }: People, repositoryUrl: string): Promise<string> {
  const { client } = ada;
  const { id: projectId } = await client.projects.create.mutate({
    name: 'Rivers of Europe',
    description: 'What the maps, the films and the museum say of them.',
    visibility: 'public',
    repositoryUrl,
  });
  await client.members.add.mutate({ projectId, actorId: bob.id, role: 'developer' });
  await client.members.add.mutate({ projectId, actorId: cleo.id, role: 'viewer' });
  await client.projects.create.mutate({ name: 'Archive of floods', description: 'Since 1342.' });
  const lakes = await bob.client.projects.create.mutate({ name: 'Lakes', visibility: 'private' });
  await bob.client.projects.transfer.mutate({ projectId: lakes.id, actorId: ada.id });
  await bob.client.stars.set.mutate({ projectId });
  return projectId;
}

/** Other programs that act as Ada. */
async function makeKeys({ ada }: People): Promise<void> {
  await ada.client.apiKeys.create.mutate({ name: 'Nightly build', scopes: ['projects.*', 'jobs.list'] });
  const { apiKey } = await ada.client.apiKeys.create.mutate({ name: 'Old laptop', scopes: ['threads.list'] });
  await ada.client.apiKeys.revoke.mutate({ apiKeyId: apiKey.id });
}

/** Ada’s credits: given, bought, and a purchase that was begun. */
async function fillCredits({ ada, admin }: People): Promise<void> {
  await admin.client.credits.grant.mutate({ actorId: ada.id, amount: 250, reason: 'A welcome' });
  const { url } = (await ada.client.payments.checkout.mutate({ packageId: 'small' })) as { url: string };
  await fetch(url, { method: 'POST' });
  await ada.client.payments.checkout.mutate({ packageId: 'large' });
}

/** Makes it all through the published client, on a server of its own. */
export async function makeWorld(): Promise<WalkWorld> {
  await using closing = new AsyncDisposableStack();
  const git = closing.use(await createGitWorld());
  const receiver: Receiver = closing.use(await startReceiver());
  const server = closing.use(
    await startConsole({
      settings: {
        REPOSITORY_PATHS: git.allowed,
        PAYMENTS: 'test',
        CREDIT_PACKAGES: JSON.stringify(packages),
        WEBHOOK_TARGETS: '127.0.0.1',
        WEBHOOK_HTTP: 'true',
      },
    }),
  );
  const people = await invite(server);
  const repositoryUrl = await git.createRepository('rivers');
  const projectId = await makeProjects(people, repositoryUrl);
  const films = closing.use(await startFilmJobs(server, people.ada));
  const place = { server, people, projectId };
  const ids: Ids = {
    projectId,
    actorId: people.bob.id,
    ...(await fillRepository(place, git, repositoryUrl)),
    ...(await fillWork(place)),
    ...(await fillPatterns(place)),
    ...(await fillWebhooks(place, receiver)),
    ...(await fillMedia(place)),
    ...(await followJobs(place, films)),
  };
  await makeKeys(people);
  await fillCredits(people);
  await administer(people, projectId);
  const kept = closing.move();
  return { server, people, ids, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
