import { isIP } from 'node:net';
import { createAddressGuard } from '../../drivers/addressGuard.ts';

const guard = createAddressGuard();
/** Names that never leave the machine or its network (RFC 6761, RFC 6762, RFC 8375, and what clouds use). */
const inside = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa|localdomain)$/;

/**
 * What is wrong with an address that the server is to send to: it must be https, lead out to the public, and
 * hold no credentials. What a name resolves to is seen only when something is sent, and guarded then.
 * @returns undefined when nothing is.
 */
export function findAddressFault(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url) return 'must be an address such as https://example.org/hooks';
  if (url.protocol !== 'https:') return 'must begin with https://';
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
  if (url.hash !== '') return 'must not hold a fragment (#…)';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const isPublic = isIP(host) === 0 ? host.includes('.') && !inside.test(host) : guard.permits(host);
  return isPublic ? undefined : 'must not lead to a private or local address';
}
