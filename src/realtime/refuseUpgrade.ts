import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TesseraError } from '../errors.ts';

/** Answers an upgrade request with an HTTP error in place of a socket: status, and the error as JSON. */
export function refuseUpgrade(
  socket: Duplex,
  status: number,
  error: TesseraError,
  headers: Record<string, string> = {},
): void {
  const { message, errorCode: code, remedy } = error;
  const body = JSON.stringify({ message, code, remedy });
  const lines = Object.entries({
    connection: 'close',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
}
