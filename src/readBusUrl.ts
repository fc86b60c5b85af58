import type { ConnectionOptions } from '@nats-io/transport-node';

/** A bus that is to be used instead of PostgreSQL's, as its URL says. */
export type BusTarget = Pick<ConnectionOptions, 'servers' | 'user' | 'pass' | 'token' | 'tls'>;

/**
 * Reads `nats://host:4222`, or several servers of one cluster, comma-separated. `tls://` demands TLS. The first
 * one's `user:password@`, or a token before the `@`, signs in at all of them.
 * @throws Error saying what is wrong, without the credentials.
 */
export function readBusUrl(text: string): BusTarget {
  const urls = text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)
    .map((item) => {
      const url = URL.parse(item.includes('://') ? item : `nats://${item}`);
      if (!url || !['nats:', 'tls:'].includes(url.protocol) || url.hostname === '')
        throw new Error('must be nats://host:port or tls://host:port, or several of them, comma-separated');
      if (url.search !== '' || url.hash !== '' || !['', '/'].includes(url.pathname))
        throw new Error('must end after the port');
      return url;
    });
  const [first] = urls;
  if (!first) throw new Error('must name a server');
  const [user, pass] = [decodeURIComponent(first.username), decodeURIComponent(first.password)];
  return {
    servers: urls.map(({ hostname, port }) => `${hostname}:${port || '4222'}`),
    ...(pass !== '' ? { user, pass } : user !== '' ? { token: user } : {}),
    ...(urls.some(({ protocol }) => protocol === 'tls:') ? { tls: {} } : {}),
  };
}
