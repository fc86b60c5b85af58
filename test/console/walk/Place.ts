import type { TestServer } from '../../support/server.ts';
import type { People } from './world.ts';

/** Where the world is made. */
export interface Place {
  server: TestServer;
  people: People;
  projectId: string;
}
