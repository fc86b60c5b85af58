import type { Closing } from './Closing.ts';
import { LoopLag } from './LoopLag.ts';
import { describeNode } from './describeNode.ts';
import { type OriginRules, clientAddress, isAllowedOrigin, tokenHashFromCookie } from './http/callOrigin.ts';
import type { Metrics } from './http/metrics.ts';
import { type Readiness, openHttp } from './http/openHttp.ts';
import { serveConsole } from './http/serveConsole.ts';
import { servePayments } from './http/servePayments.ts';
import { serveProcedures } from './http/serveProcedures.ts';
import { serveUnsubscribe } from './http/serveUnsubscribe.ts';
import { serveStorage } from './http/storage/serveStorage.ts';
import { openNodes } from './openNodes.ts';
import type { Parts } from './openServices.ts';
import { serveUploads, uploadsPath } from './http/uploads/serveUploads.ts';
import { storagePath } from './openStorage.ts';
import { serveEventStreams } from './realtime/sse/serveEventStreams.ts';
import type { RealtimeCount } from './realtime/Gateway.ts';
import { attachRealtime } from './realtime/server.ts';
import { appRouter } from './routers/_app.ts';
import type { CallOrigin, Context } from './routers/context.ts';
import { networkOf } from './routers/networkOf.ts';
import { stringifyOutput } from './routers/transformer.ts';
import { type Settings, listenUrlOf, publicUrlOf } from './settings.ts';
import type { ServiceName } from './startTessera.ts';

function originRules(publicUrl: string, port: number, settings: Settings): OriginRules {
  const { origin, protocol } = new URL(publicUrl);
  const local = [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
  return {
    allowedOrigins: new Set([origin, ...(settings.PUBLIC_URL ? [] : local), ...settings.ALLOWED_ORIGINS]),
    trustProxy: settings.TRUST_PROXY,
    secureCookies: protocol === 'https:',
  };
}

/** Addresses of the machine itself are not counted: a proxy on it stands for everybody. */
function countedNetwork(ipAddress: string | null): string | null {
  const network = networkOf(ipAddress);
  return network.startsWith('127.') || ipAddress === '::1' ? null : network;
}

/** Counts what the gateway refuses, closes and asks for, by reason. */
function countRealtime(metrics: Metrics): (what: RealtimeCount, reason: string) => void {
  const counters = {
    refused: metrics.counters(
      'tessera_socket_refusals_total',
      'WebSocket upgrades and calls that were refused.',
      'reason',
    ),
    closed: metrics.counters(
      'tessera_socket_closes_total',
      'WebSocket connections that the server closed.',
      'reason',
    ),
    reconnect: metrics.counters(
      'tessera_reconnects_asked_total',
      'WebSocket clients that were asked to reconnect.',
      'reason',
    ),
    behind: metrics.counters(
      'tessera_queue_full_total',
      'Times that something waited for a slow reader: events for later in the log, calls for their turn.',
      'reason',
    ),
  };
  return (what, reason) => counters[what](reason);
}

const prefixed = (prefix: string, parts: Readonly<Record<string, boolean>>) =>
  Object.fromEntries(Object.entries(parts).map(([name, works]) => [prefix + name, works]));

/** Whether the check answers yes; one that fails answers no. */
const holds = (check: () => Promise<boolean>) => check().catch(() => false);

/**
 * Opens the HTTP server, with procedures if this process has the API and sockets if it has the gateway.
 * @returns the address listened on.
 */
export async function openDoors(
  { services, bus, hub, metrics, storageDoor }: Parts,
  serviceNames: ReadonlySet<ServiceName>,
  closing: Closing,
): Promise<string> {
  const { settings, log, reads, orm } = services;
  const wanted = { api: serviceNames.has('api'), realtime: serviceNames.has('realtime') };
  let isReady = false;
  // The address, and with it the allowed origins, is known only once the port is.
  let rules: OriginRules = {
    allowedOrigins: new Set(),
    trustProxy: settings.TRUST_PROXY,
    secureCookies: false,
  };
  const lag = new LoopLag(settings.MAX_LAG_MS);
  lag.start();
  closing.add(() => lag.stop());
  metrics.gauge('tessera_loop_lag_seconds', 'Smoothed lag of the event loop.', () => lag.ms / 1000);
  const createContext = (origin: CallOrigin): Context => ({ ...services, origin });
  const count = countRealtime(metrics);
  const identify = async (tokenHash: string) => {
    const { caller, expiresAt } = await services.authorizer.accessInBatch(tokenHash, null);
    return caller && { actorId: caller.id, expiresAt };
  };
  const eventStreams = serveEventStreams({
    router: appRouter,
    createContext,
    hub,
    stringifyOutput,
    settings,
    log,
    isReady: () => isReady,
    isOverloaded: () => lag.isHigh,
    identify,
    count,
  });
  metrics.gauge('tessera_event_streams', 'Open subscriptions over server-sent events.', () =>
    eventStreams.open(),
  );
  const readiness = async (): Promise<Readiness> => ({
    needed: {
      accepting: isReady,
      database: await holds(
        async () => (await reads.query('select 1')).rowCount === 1 && (await orm.checkConnection()).ok,
      ),
      migrations: await holds(async () => (await orm.migrator.getPending()).length === 0),
    },
    // Without the bus the sweep delivers, a second later.
    useful: prefixed('bus.', bus.state().links),
  });
  const http = await openHttp({
    host: settings.HOST,
    port: settings.PORT,
    log,
    metrics,
    maxConnections: settings.MAX_CONNECTIONS,
    headersMs: settings.HEADERS_SECONDS * 1000,
    procedures:
      wanted.api || wanted.realtime
        ? serveProcedures({
            router: appRouter,
            createContext,
            rules: () => rules,
            maxBodyBytes: settings.MAX_BODY_BYTES,
            maxBatch: settings.MAX_BATCH,
            eventStreams,
            answersCalls: wanted.api,
            isOverloaded: () => lag.isExtreme,
          })
        : undefined,
    transfers: wanted.api
      ? {
          ...(storageDoor
            ? {
                [storagePath]: serveStorage({
                  ...storageDoor,
                  log,
                  metrics,
                  allowedOrigins: () => rules.allowedOrigins,
                  stalledMs: settings.TRANSFER_STALLED_SECONDS * 1000,
                }),
              }
            : {}),
          [uploadsPath]: serveUploads({
            ...services,
            allowedOrigins: () => rules.allowedOrigins,
            stalledMs: settings.TRANSFER_STALLED_SECONDS * 1000,
          }),
        }
      : {},
    addRoutes: (app) => {
      if (wanted.api) {
        serveConsole(app, settings.CONSOLE_DIR);
        servePayments(app, services);
        serveUnsubscribe(app, services);
      }
    },
    readiness,
  });
  closing.add(() => http.close(settings.STOP_SECONDS * 1000));
  services.publicUrl = publicUrlOf(settings, http.port);
  rules = originRules(services.publicUrl, http.port, settings);

  const open = { sockets: () => 0, subscriptions: () => 0, backlog: () => ({ bytes: 0, readers: 0 }) };
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
      networkOf: countedNetwork,
      identify,
      isReady: () => isReady,
      isOverloaded: () => lag.isHigh,
      count,
    });
    metrics.gauge(
      'tessera_queue_bytes',
      'Bytes that wait for slow WebSocket readers.',
      () => realtime.backlog().bytes,
    );
    metrics.gauge(
      'tessera_slow_readers',
      'WebSocket connections that are behind.',
      () => realtime.backlog().readers,
    );
    metrics.gauge('tessera_connections', 'Open WebSocket connections.', () => realtime.connections());
    metrics.gauge('tessera_subscriptions', 'Open subscriptions on WebSockets.', () =>
      realtime.subscriptions(),
    );
    metrics.gauge('tessera_subscriptions_waiting', 'Those of them that wait for their turn to begin.', () =>
      realtime.waiting(),
    );
    open.sockets = () => realtime.connections();
    open.backlog = () => realtime.backlog();
    open.subscriptions = () => realtime.subscriptions();
    closing.add(() => realtime.drain(settings.STOP_SECONDS * 1000));
  }
  const nodes = openNodes(bus, () =>
    describeNode({
      services: [...serviceNames],
      settings,
      storage: services.storage,
      loopLagMs: () => lag.ms,
      sockets: open.sockets,
      calls: metrics.calls,
      hub,
      backlog: open.backlog,
      subscriptions: () => open.subscriptions() + eventStreams.open(),
      parts: async () => {
        const { needed, useful } = await readiness();
        return { ...needed, ...useful };
      },
    }),
  );
  services.nodes = nodes;
  closing.add(() => nodes.close());
  closing.add(() => eventStreams.drain(settings.STOP_SECONDS * 1000));
  closing.add(() => {
    isReady = false;
  });
  isReady = true;
  return listenUrlOf(settings, http.port);
}
