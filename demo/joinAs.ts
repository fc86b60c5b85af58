import { randomBytes } from 'node:crypto';
import {
  type ConnectionState,
  type TesseraClient,
  type Watched,
  createTesseraClient,
} from '../client/src/index.ts';
import { Arrivals } from './Arrivals.ts';
import type { Timeline } from './timeline.ts';

/** Somebody who uses Tessera as an application would: through the client, over HTTP and WebSocket. */
export interface Person {
  name: string;
  id: string;
  username: string;
  client: TesseraClient;
  /** States of the WebSocket, as they changed. */
  connection: Arrivals<ConnectionState>;
}

/** Registers somebody new at a server. */
export async function joinAs(name: string, url: string, timeline: Timeline): Promise<Person> {
  let token: string | null = null;
  const connection = new Arrivals<ConnectionState>();
  const client = createTesseraClient({
    url,
    getToken: () => token,
    onConnection: (state) => connection.add(state),
  });
  // The demo may run again on the same server.
  const username = `${name.toLowerCase()}-${randomBytes(3).toString('hex')}`;
  const registered = await client.auth.register.mutate({
    name,
    username,
    email: `${username}@demo.invalid`,
    password: randomBytes(18).toString('base64url'),
  });
  ({ token } = registered);
  timeline.row(name, `registers as @${username}`);
  return { name, id: registered.actor.id, username, client, connection };
}

export type ThreadEvent = Watched<'threads'>;
export type NotificationEvent = Watched<'notifications'>;

/** Opens `threads.watch` on a project, and waits for the snapshot that it begins with. */
export async function watchThreads(
  { name, client }: Person,
  projectId: string,
): Promise<Arrivals<ThreadEvent>> {
  const arrivals = new Arrivals<ThreadEvent>();
  client.threads.watch.subscribe(
    { projectId },
    { onData: ({ data }) => arrivals.add(data), onError: (error) => arrivals.end(error) },
  );
  await arrivals.first(({ type }) => type === 'snapshot', `The snapshot of ${name}'s threads.watch`);
  return arrivals;
}

/** Opens `notifications.watch`, and waits for the snapshot that it begins with. */
export async function watchNotifications({ name, client }: Person): Promise<Arrivals<NotificationEvent>> {
  const arrivals = new Arrivals<NotificationEvent>();
  client.notifications.watch.subscribe(
    {},
    { onData: ({ data }) => arrivals.add(data), onError: (error) => arrivals.end(error) },
  );
  await arrivals.first(({ type }) => type === 'snapshot', `The snapshot of ${name}'s notifications.watch`);
  return arrivals;
}
