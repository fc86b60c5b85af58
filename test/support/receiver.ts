/** A receiver of webhooks on this machine, which answers as the test says. */
import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { verifyWebhook } from '../../src/drivers/webhooks/standardWebhooks.ts';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  /** The bytes as they came. */
  body: Buffer;
  /** The body, read. */
  message: { type: string; version: number; seq: number | null; data: Record<string, unknown> };
}

export type Reply = (response: ServerResponse, received: Received) => void;

/** Answers with a status. */
export const status =
  (code: number, headers: Record<string, string> = {}): Reply =>
  (response) =>
    response.writeHead(code, headers).end('answer');

export interface Receiver extends AsyncDisposable {
  url: string;
  port: number;
  received: Received[];
  /** How it answers from now on; at first 200. */
  reply: Reply;
  /** Waits until so many requests have come in all. */
  until(total: number): Promise<Received[]>;
}

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const message = JSON.parse(body.toString() || '{}') as Received['message'];
  return { path: request.url ?? '', headers: request.headers, body, message };
}

/** Whether the message was signed with the secret. */
export function isGenuine(secret: string, { headers, body }: Received): boolean {
  return verifyWebhook([secret], headers, body).is === 'genuine';
}

export async function startReceiver(): Promise<Receiver> {
  const waiting: { total: number; resolve: (all: Received[]) => void }[] = [];
  const sockets = new Set<Socket>();
  const receiver = { received: [] as Received[], reply: status(200) };
  const server = createServer((request, response) => {
    read(request)
      .then((received) => {
        receiver.received.push(received);
        for (const { total, resolve } of waiting)
          if (receiver.received.length >= total) resolve(receiver.received);
        receiver.reply(response, received);
      })
      .catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(receiver, {
    port,
    url: `http://127.0.0.1:${port}/hook`,
    until: (total: number) =>
      new Promise<Received[]>((resolve) => {
        if (receiver.received.length >= total) resolve(receiver.received);
        else waiting.push({ total, resolve });
      }),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => void server.close(resolve));
    },
  });
}
