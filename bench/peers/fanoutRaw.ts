/** The limit: `ws` alone, and one prebuilt frame per event written to every socket. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { frameText } from '../../src/realtime/Frames.ts';
import { makeEvent } from '../support/makeEvent.ts';
import { reportPeer } from '../support/peer.ts';

const server = createServer();
const upgrader = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false });
const sockets = new Set<Duplex>();
server.on('upgrade', (request, socket, head) => {
  upgrader.handleUpgrade(request, socket, head, (ws) => {
    sockets.add(socket);
    ws.on('message', () => {});
    ws.on('error', () => {});
    ws.on('close', () => sockets.delete(socket));
    ws.send('ready');
  });
});
let seq = 0;
server.listen(0, '127.0.0.1', () =>
  reportPeer((server.address() as AddressInfo).port, () => {
    seq += 1;
    const frame = frameText(JSON.stringify(makeEvent(seq)));
    for (const socket of sockets) socket.write(frame);
  }),
);
