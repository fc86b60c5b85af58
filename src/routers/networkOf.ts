import { isIPv6 } from 'node:net';

/**
 * What counts as one address when attempts are counted: an IPv4 address, or the first 64 bits of an IPv6
 * address, because whoever holds one IPv6 address holds its whole network (RFC 6177).
 */
export function networkOf(ipAddress: string | null): string {
  if (ipAddress === null) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ipAddress)?.[1];
  if (mapped) return mapped;
  const [plain = ''] = ipAddress.split('%');
  if (!isIPv6(plain)) return ipAddress;
  // The URL parser writes it in one form: hexadecimal groups, the longest run of zeros as `::`.
  const [head = '', tail = ''] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::');
  const [first, last] = [head, tail].map((part) => (part === '' ? [] : part.split(':'))) as [
    string[],
    string[],
  ];
  const groups = [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
