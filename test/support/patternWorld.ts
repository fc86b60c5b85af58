/** What the tests of semantic patterns share: a server, three people, and projects. */
import { type Person, type ServerOptions, type TestServer, startServer } from './server.ts';

export interface PatternWorld {
  server: TestServer;
  /** Owns every project that she makes. */
  ada: Person;
  bob: Person;
  eve: Person;
  /** A project of Ada's with Bob as editor; private unless said otherwise. */
  makeProject(visibility?: 'public' | 'private'): Promise<string>;
  /** A field of a project, made by Ada. */
  makeField(projectId: string, name: string): Promise<{ id: string; identifier: string }>;
}

export async function makePatternWorld(options: ServerOptions = {}): Promise<PatternWorld> {
  const server = await startServer(options);
  const [ada, bob, eve] = [
    await server.person('Ada'),
    await server.person('Bob'),
    await server.person('Eve'),
  ];
  return {
    server,
    ada,
    bob,
    eve,
    async makeProject(visibility = 'private') {
      const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Patterns', visibility });
      await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'editor' });
      return projectId;
    },
    makeField: (projectId, name) => ada.client.fields.create.mutate({ projectId, name }),
  };
}
