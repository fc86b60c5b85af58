/** A load generator cheap enough not to be what is measured: raw sockets, one request at a time on each. */
import { connect } from 'node:net';

export interface LoadResult {
  /** Requests answered. */
  count: number;
  perSecond: number;
  /** Milliseconds from the request's last byte sent to the answer's last byte received. */
  p50: number;
  p99: number;
}

export interface Load {
  port: number;
  connections: number;
  seconds: number;
  /** The whole HTTP/1.1 request, the n-th on this connection. */
  request: (connection: number, n: number) => string;
}

function percentile(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Whether the answer whose head ends at `head` is all there, whichever way it says its length. */
function isWhole(received: string, head: number): boolean {
  const length = /content-length: (\d+)/i.exec(received.slice(0, head))?.[1];
  return length === undefined
    ? received.endsWith('\r\n0\r\n\r\n')
    : received.length >= head + 4 + Number(length);
}

async function runConnection(load: Load, connection: number, until: number, times: number[]): Promise<void> {
  const socket = connect({ port: load.port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let n = 0;
  let began = 0;
  let received = '';
  await new Promise<void>((resolve, reject) => {
    const send = () => {
      if (performance.now() >= until) {
        socket.destroy();
        resolve();
        return;
      }
      began = performance.now();
      socket.write(load.request(connection, n));
      n += 1;
    };
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      received = received === '' ? chunk : received + chunk;
      const head = received.indexOf('\r\n\r\n');
      if (head < 0) return;
      if (!isWhole(received, head)) return;
      if (!received.startsWith('HTTP/1.1 200')) {
        reject(new Error(`Unexpected answer: ${received.slice(0, 600)}`));
        socket.destroy();
        return;
      }
      received = '';
      times.push(performance.now() - began);
      send();
    });
    socket.on('error', reject);
    send();
  });
}

/** Runs the load for its time and returns what came back. Any answer but 200 ends it with an error. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const times: number[] = [];
  const began = performance.now();
  await Promise.all(
    Array.from({ length: load.connections }, (_, connection) =>
      runConnection(load, connection, began + load.seconds * 1000, times),
    ),
  );
  const seconds = (performance.now() - began) / 1000;
  const sorted = times.toSorted((a, b) => a - b);
  return {
    count: times.length,
    perSecond: times.length / seconds,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
  };
}
