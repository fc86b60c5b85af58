/** A door to the tests' PostgreSQL that can be shut for the bus alone, as a network that fails would. */
import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { TestDatabase } from './cluster.ts';

export interface PartableProxy extends AsyncDisposable {
  /** The database, through the door. */
  url: string;
  /** Ends the connections of the bus and lets none through, until `mend`. */
  cut(): void;
  mend(): void;
}

/** The startup message names the application in clear text. */
const isOfBus = (startup: Buffer) => startup.includes('tessera bus');

export async function openPartableProxy({ connection }: TestDatabase): Promise<PartableProxy> {
  const { host, port, user, database } = connection;
  const ofBus = new Set<Socket>();
  const all = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    all.add(near);
    near.on('error', () => {});
    near.once('close', () => all.delete(near));
    near.once('data', (startup: Buffer) => {
      if (isOfBus(startup)) {
        if (isCut) return near.destroy();
        ofBus.add(near);
        near.once('close', () => ofBus.delete(near));
      }
      const far = connect(join(host, `.s.PGSQL.${port}`));
      far.on('error', () => near.destroy());
      near.once('close', () => far.destroy());
      far.once('close', () => near.destroy());
      far.write(startup);
      near.pipe(far).pipe(near);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `postgres://${user}@127.0.0.1:${(server.address() as AddressInfo).port}/${database}`,
    cut() {
      isCut = true;
      for (const socket of ofBus) socket.destroy();
    },
    mend() {
      isCut = false;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of all) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
