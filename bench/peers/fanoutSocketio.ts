/** socket.io as its documentation has it: a room, and `io.to(room).emit`. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { makeEvent } from '../support/makeEvent.ts';
import { reportPeer } from '../support/peer.ts';

const server = createServer();
const io = new Server(server, { transports: ['websocket'] });
io.on('connection', (socket) => {
  void socket.join('project');
  socket.emit('ready');
});
let seq = 0;
server.listen(0, '127.0.0.1', () =>
  reportPeer((server.address() as AddressInfo).port, () => {
    seq += 1;
    io.to('project').emit('event', makeEvent(seq));
  }),
);
