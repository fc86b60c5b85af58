/** Puts the parts together: opens everything in the order in which they stand on each other, closes in reverse. */
import type { Logger } from 'pino';
import { Closing } from './Closing.ts';
import type { Connection } from './database/openDatabase.ts';
import { startBackground } from './jobs/startBackground.ts';
import { openDoors } from './openDoors.ts';
import { openServices } from './openServices.ts';
import type { Services } from './routers/context.ts';
import type { Settings } from './settings.ts';

/** What a process may do: answer procedures, hold sockets, run jobs and follow the log. */
export const serviceNames = ['api', 'realtime', 'worker'] as const;
export type ServiceName = (typeof serviceNames)[number];

export interface TesseraOptions {
  settings: Settings;
  connection: Connection;
  log: Logger;
  /** Default: all. */
  services?: ReadonlySet<ServiceName>;
}

export interface Tessera extends AsyncDisposable {
  /** Address listened on. */
  url: string;
  /** Address for people, in links. */
  publicUrl: string;
  services: Services;
  /** Stops gracefully: readiness off, sockets drained, requests finished, jobs handed back, connections closed. */
  stop(): Promise<void>;
}

/** Opens one process of Tessera on a database that is already running. */
export async function startTessera(options: TesseraOptions): Promise<Tessera> {
  const { settings, connection, log, services: wanted = new Set(serviceNames) } = options;
  const closing = new Closing(log);
  try {
    const parts = await openServices(connection, settings, log, closing);
    const { services, bus } = parts;
    if (wanted.has('worker')) {
      const { orm, reads, storage, authorizer, secrets, mail } = services;
      const background = await startBackground({
        connection,
        orm,
        reads,
        bus,
        storage,
        authorizer,
        secrets,
        mail,
        publicUrl: () => services.publicUrl,
        metrics: parts.metrics,
        settings,
        log,
      });
      closing.add(() => background.stop());
    }
    const url = await openDoors(parts, wanted, closing);
    const stop = () => closing.run();
    return { url, publicUrl: services.publicUrl, services, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await closing.run();
    throw error;
  }
}
