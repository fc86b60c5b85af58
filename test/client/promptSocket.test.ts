/** A network that has stopped carrying anything does not keep the client from trying again. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { promptSocket } from '../../client/src/promptSocket.ts';

let server: Server;
beforeAll(async () => {
  server = createServer();
  // It opens sockets and never reads anything from them, so that no closing is ever answered.
  server.on('upgrade', (request, socket) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.pause();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

test('a socket whose closing nobody answers is over soon, and says so once', async () => {
  const { port } = server.address() as AddressInfo;
  const Prompt = promptSocket(WebSocket);
  const socket = new Prompt(`ws://127.0.0.1:${port}`);
  let closed = 0;
  socket.addEventListener('close', () => (closed += 1));
  await once(socket, 'open');
  expect(socket.readyState).toBe(Prompt.OPEN);
  const isClosed = once(socket, 'close');
  socket.close();
  socket.close();
  await isClosed;
  // Whatever the platform says of it later, it was told.
  socket.dispatchEvent(new Event('close'));
  expect(closed).toBe(1);
});
