import { type Socket, connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A network between a client and a server that can fail. */
export interface Wire extends AsyncDisposable {
  /** The server's address through this wire. */
  url: string;
  /** Breaks every connection at once, and each new one, until `mend`. */
  cut(): void;
  mend(): void;
}

/** Opens a TCP proxy to an http:// address on a free port of this machine. */
export async function openWire(target: string): Promise<Wire> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let isCut = false;

  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    // A broken connection is what this is for; the other side learns of it by 'close'.
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  };
  const proxy = createServer((near) => {
    keep(near);
    if (isCut) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(Number(port || 80), hostname.replace(/^\[|\]$/g, ''));
    keep(far);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve, reject) => {
    proxy.once('error', reject);
    proxy.listen(0, '127.0.0.1', resolve);
  });
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    cut,
    mend() {
      isCut = false;
    },
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
