/** tRPC's own WebSocket adapter with superjson: a generator per subscription over an emitter, tracked, as its documentation has it. */
import { EventEmitter, on } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { initTRPC, tracked } from '@trpc/server';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import superjson from 'superjson';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { makeEvent } from '../support/makeEvent.ts';
import { reportPeer } from '../support/peer.ts';

const emitter = new EventEmitter().setMaxListeners(0);
const t = initTRPC.create({ transformer: superjson });
const router = t.router({
  watch: t.procedure
    .input(z.object({ projectId: z.string(), lastEventId: z.string().nullish() }))
    .subscription(async function* ({ signal }) {
      const events = on(emitter, 'event', { signal: signal! });
      yield tracked('0', { type: 'snapshot' });
      for await (const [event] of events as AsyncIterable<[ReturnType<typeof makeEvent>]>)
        yield tracked(String(event.seq), event);
    }),
});

const server = createServer();
applyWSSHandler({ wss: new WebSocketServer({ server, path: '/trpc', perMessageDeflate: false }), router });
let seq = 0;
server.listen(0, '127.0.0.1', () =>
  reportPeer((server.address() as AddressInfo).port, () => {
    seq += 1;
    emitter.emit('event', makeEvent(seq));
  }),
);
