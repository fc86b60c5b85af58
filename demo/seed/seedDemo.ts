/** The five systems at once, as three people would have filled them: through the procedures, with the published client. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type TesseraClient, createTesseraClient, readFailure } from '../../client/src/index.ts';
import { DemoError } from '../DemoError.ts';
import { makeChoices } from './choices.ts';
import { seedDocs, writeRepository } from './seedDocs.ts';
import { seedPatterns } from './seedPatterns.ts';
import { seedWork } from './seedWork.ts';

export interface SeededDemo {
  /** Who signs in with what: they share the password. */
  emails: string[];
  password: string;
  /** Project → rows that were made in it. */
  rows: Record<string, number>;
}

const names = ['Ada Seed', 'Ben Seed', 'Cyd Seed'];

interface Member {
  id: string;
  email: string;
  client: TesseraClient;
}

async function register(url: string, name: string, password: string): Promise<Member> {
  const username = name.toLowerCase().replace(' ', '-');
  const email = `${username}@example.org`;
  const guest = createTesseraClient({ url });
  try {
    const { token, actor } = await guest.auth.register.mutate({ name, username, email, password });
    return { id: actor.id, email, client: createTesseraClient({ url, token }) };
  } catch (error) {
    const code = readFailure(error)?.code;
    if (code !== 'EMAIL_TAKEN' && code !== 'USERNAME_TAKEN') throw error;
    throw new DemoError(
      `The demo data is there already: ${email} has an account.`,
      'Start with another DATA_DIR or database to have it anew.',
    );
  } finally {
    await guest.close();
  }
}

/**
 * @param directory where the repository of the documentation is put; the server must be allowed to read there.
 * @param share of the rows that are made in each project, above 0 to 1.
 * @throws DemoError when the server refuses, as it does the second time
 */
export async function seedDemo(url: string, directory: string, share = 1): Promise<SeededDemo> {
  const password = randomBytes(12).toString('base64url');
  const people: Member[] = [];
  for (const name of names) people.push(await register(url, name, password));
  const [ada] = people as [Member];
  const clients = people.map(({ client }) => client);
  const choices = makeChoices(5);
  const sizesOf = (milestones: number, tasks: number, issues: number) => ({
    milestones: Math.ceil(milestones * share),
    tasks: Math.ceil(tasks * share),
    issues: Math.ceil(issues * share),
  });
  try {
    const open = async (name: string, more: { repositoryUrl?: string; description: string }) => {
      const { id: projectId } = await ada.client.projects.create.mutate({
        name,
        visibility: 'public',
        ...more,
      });
      for (const { id: actorId } of people.slice(1))
        await ada.client.members.add.mutate({ projectId, actorId, role: 'developer' });
      return projectId;
    };
    const repository = join(directory, 'handbook');
    await writeRepository(repository);
    const handbook = await open('Handbook', {
      description: 'Documentation in six languages.',
      repositoryUrl: repository,
    });
    const rows: Record<string, number> = { Handbook: await seedDocs(ada.client, handbook, choices, share) };
    const museum = await open('Museum', { description: 'How the objects of a museum are described.' });
    rows['Museum'] = await seedPatterns(ada.client, museum, choices, share);
    const releases = await open('Releases', { description: 'What is to be delivered, and when.' });
    rows['Releases'] = await seedWork(clients, releases, sizesOf(12, 400, 200), choices);
    const films = await open('Films', {
      description: 'Subtitles of the collection films, and who translates which.',
    });
    rows['Films'] = await seedWork(clients, films, sizesOf(4, 120, 60), choices);
    const code = await open('Workshop', {
      description: 'The code of the website, discussed line by line.',
      repositoryUrl: repository,
    });
    rows['Workshop'] =
      (await seedDocs(ada.client, code, choices, share)) +
      (await seedWork(clients, code, sizesOf(3, 60, 60), choices));
    return { emails: people.map(({ email }) => email), password, rows };
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}
