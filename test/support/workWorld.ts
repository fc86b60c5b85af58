/** What the tests of milestones, tasks and issues share: a server, and people of each role in projects of Ada's. */
import { type Frames, collectFrames } from './collectFrames.ts';
import { failureOf } from './failure.ts';
import { type Person, type TestServer, startServer } from './server.ts';

export interface WorkWorld {
  server: TestServer;
  /** Owns every project. */
  ada: Person;
  /** Developer. */
  dan: Person;
  /** Editor. */
  bob: Person;
  /** Viewer. */
  vic: Person;
  /** No member of anything. */
  eve: Person;
  makeProject(visibility?: 'private' | 'public'): Promise<string>;
}

export async function makeWorkWorld(): Promise<WorkWorld> {
  const server = await startServer();
  const [ada, dan, bob, vic, eve] = [
    await server.person('Ada'),
    await server.person('Dan'),
    await server.person('Bob'),
    await server.person('Vic'),
    await server.person('Eve'),
  ];
  return {
    server,
    ada,
    dan,
    bob,
    vic,
    eve,
    async makeProject(visibility = 'private') {
      const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Work', visibility });
      for (const [person, role] of [
        [dan, 'developer'],
        [bob, 'editor'],
        [vic, 'viewer'],
      ] as const)
        await ada.client.members.add.mutate({ projectId, actorId: person.id, role });
      return projectId;
    },
  };
}

/** A frame of `projects.watch`, loosely: tests look into payloads of many kinds. */
export interface ProjectFrame {
  type: string;
  seq: number;
  subject: string;
  actorId: string | null;
  payload: never;
}

/** Watches everything in a project from now on. */
export async function watchProject(person: Person, projectId: string): Promise<Frames<ProjectFrame>> {
  const frames = collectFrames<ProjectFrame>((on) =>
    person.client.projects.watch.subscribe({ projectId }, on),
  );
  await frames.until((frame) => frame.type === 'snapshot');
  return frames;
}

/** Types of the events of a project whose subject is this, in the order of the log. */
export async function eventsOf(server: TestServer, projectId: string, subject: string): Promise<string[]> {
  const { rows } = await server.tessera.services.reads.query<{ type: string }>(
    'select type from events where stream = $1 and subject = $2 order by seq',
    [`project:${projectId}`, subject],
  );
  return rows.map((row) => row.type);
}

export const day = 86_400_000;
/** A moment so many days from now. */
export const inDays = (days: number) => new Date(Date.now() + days * day);

/** The codes with which calls fail that must all fail. */
export const codesOf = async (calls: Promise<unknown>[]): Promise<string[]> =>
  (await Promise.all(calls.map(failureOf))).map((failure) => failure.code);
