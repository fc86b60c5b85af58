import type { Closing } from './Closing.ts';
import { type OriginRules, clientAddress, isAllowedOrigin, tokenHashFromCookie } from './http/callOrigin.ts';
import { openHttp } from './http/openHttp.ts';
import { serveProcedures } from './http/serveProcedures.ts';
import type { Parts } from './openServices.ts';
import { attachRealtime } from './realtime/server.ts';
import { appRouter } from './routers/_app.ts';
import type { CallOrigin, Context } from './routers/context.ts';
import { stringifyOutput } from './routers/transformer.ts';
import { type Settings, listenUrlOf, publicUrlOf } from './settings.ts';

function originRules(publicUrl: string, port: number, settings: Settings): OriginRules {
  const { origin, protocol } = new URL(publicUrl);
  const local = [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
  return {
    allowedOrigins: new Set([origin, ...(settings.PUBLIC_URL ? [] : local), ...settings.ALLOWED_ORIGINS]),
    trustProxy: settings.TRUST_PROXY,
    secureCookies: protocol === 'https:',
  };
}

/** Whether the check answers yes; one that fails answers no. */
const holds = (check: () => Promise<boolean>) => check().catch(() => false);

/**
 * Opens the HTTP server, with procedures if this process has the API and sockets if it has the gateway.
 * @returns the address listened on.
 */
export async function openDoors(
  { services, bus, hub, metrics }: Parts,
  wanted: { api: boolean; realtime: boolean },
  closing: Closing,
): Promise<string> {
  const { settings, log, reads, orm } = services;
  let isReady = false;
  // The address, and with it the allowed origins, is known only once the port is.
  let rules: OriginRules = {
    allowedOrigins: new Set(),
    trustProxy: settings.TRUST_PROXY,
    secureCookies: false,
  };
  const createContext = (origin: CallOrigin): Context => ({ ...services, origin });
  const http = await openHttp({
    host: settings.HOST,
    port: settings.PORT,
    log,
    metrics,
    procedures: wanted.api
      ? serveProcedures({
          router: appRouter,
          createContext,
          rules: () => rules,
          maxBodyBytes: settings.MAX_BODY_BYTES,
          maxBatch: settings.MAX_BATCH,
        })
      : undefined,
    readiness: async () => ({
      accepting: isReady,
      database: await holds(
        async () => (await reads.query('select 1')).rowCount === 1 && (await orm.checkConnection()).ok,
      ),
      migrations: await holds(async () => (await orm.migrator.getPending()).length === 0),
      bus: bus.isConnected,
    }),
  });
  closing.add(() => http.close(settings.STOP_SECONDS * 1000));
  services.publicUrl = publicUrlOf(settings, http.port);
  rules = originRules(services.publicUrl, http.port, settings);

  if (wanted.realtime) {
    const realtime = attachRealtime({
      server: http.server,
      path: '/trpc',
      router: appRouter,
      createContext,
      hub,
      stringifyOutput,
      settings,
      log,
      isAllowedOrigin: (_origin, request) => isAllowedOrigin(request, rules),
      tokenHashFromCookie: (request) => tokenHashFromCookie(request, rules),
      clientAddress: (request) => clientAddress(request, settings.TRUST_PROXY),
      isReady: () => isReady,
    });
    metrics.gauge('tessera_connections', 'Open WebSocket connections.', () => realtime.connections());
    metrics.gauge('tessera_subscriptions', 'Open subscriptions on WebSockets.', () =>
      realtime.subscriptions(),
    );
    closing.add(() => realtime.drain(settings.STOP_SECONDS * 1000));
  }
  closing.add(() => {
    isReady = false;
  });
  isReady = true;
  return listenUrlOf(settings, http.port);
}
