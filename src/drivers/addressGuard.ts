import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/**
 * Keeps requests that a tenant can steer (repository URLs, webhook targets) away from the machine itself,
 * its network and its cloud's metadata service (server-side request forgery, CWE-918).
 */
export interface AddressGuard {
  /** Whether an IP address (as a string, without brackets) may be connected to. */
  permits(address: string): boolean;
  /** Whether it may be because a subnet or an address of the operator's list holds it. */
  lists(address: string): boolean;
  /**
   * Turns a host name or an IP literal into the addresses that may be connected to. The caller connects to
   * these addresses and to no others: asking the DNS again would let it answer differently (rebinding).
   *
   * `host` is what `URL.hostname` gives, which has already turned `127.1`, `2130706433` and `0x7f.1` into
   * `127.0.0.1`; the brackets of an IPv6 literal may be left on. Raises what `dns.lookup` raises
   * (`ENOTFOUND`, `EAI_AGAIN`) when the name does not resolve.
   */
  resolve(host: string): Promise<{ addresses: string[] } | { refused: string }>;
}

// IANA's special-purpose address registries (RFC 6890): everything that is not globally reachable.
const refusedIpv4 = [
  '0.0.0.0/8', // this network, and on Linux another name of this host
  '10.0.0.0/8',
  '100.64.0.0/10', // carrier-grade NAT; a metadata service too (100.100.100.200)
  '127.0.0.0/8',
  '168.63.129.16/32', // a public address that Azure uses for its host's metadata
  '169.254.0.0/16', // link-local; the usual metadata service (169.254.169.254)
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

// Only 2000::/3 is handed out for global use (RFC 4291 §2.4, IANA), so all else is refused: loopback,
// unspecified, unique-local, link-local, multicast, NAT64, and IPv4 addresses mapped into IPv6.
const globalIpv6 = '2000::/3';
const refusedIpv6 = [
  '2001::/23', // protocol assignments, with Teredo, which carries IPv4 addresses
  '2001:db8::/32',
  '2002::/16', // 6to4, which carries IPv4 addresses
  '3fff::/20',
];

// Where clouds hand credentials to whoever asks from inside the machine: no list of the operator's opens these.
const metadataServices = [
  '100.100.100.200', // Alibaba
  '168.63.129.16', // Azure
  '169.254.0.0/16', // nearly all: 169.254.169.254, and 169.254.170.2 of AWS's containers
  '192.0.0.192', // Oracle
  'fd00:ec2::/32', // AWS
  'fd20:ce::254', // Google
  'fe80::/10',
];

function addSubnet(list: BlockList, subnet: string): void {
  const [address = '', prefix] = subnet.split('/');
  const family = isIP(address);
  const bits = prefix === undefined ? (family === 6 ? 128 : 32) : Number(prefix);
  list.addSubnet(address, bits, family === 6 ? 'ipv6' : 'ipv4');
}

function listSubnets(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) addSubnet(list, subnet);
  return list;
}

const refused = listSubnets([...refusedIpv4, ...refusedIpv6]);
const global = listSubnets([globalIpv6]);
const metadata = listSubnets(metadataServices);
/** Prefixes of IPv6 that carry an IPv4 address, and the first of the two groups (of eight) in which it stands. */
const carriers: readonly { list: BlockList; group: number }[] = [
  { list: listSubnets(['::/96', '64:ff9b::/96']), group: 6 },
  { list: listSubnets(['2002::/16']), group: 1 },
];

/** The eight groups of an IPv6 address, as numbers. */
function groupsOf(address: string): number[] {
  // The URL parser writes a dotted tail as two groups.
  const plain = stripBrackets(new URL(`http://[${address}]`).hostname);
  const [head = '', tail] = plain.split('::');
  const read = (text: string) =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const [before, after] = [read(head), read(tail ?? '')];
  return tail === undefined
    ? before
    : [...before, ...Array(8 - before.length - after.length).fill(0), ...after];
}

/** The IPv4 address that an IPv6 one carries (6to4, NAT64, compatible); undefined where it carries none. */
function carriedBy(address: string): string | undefined {
  const carrier = carriers.find(({ list }) => list.check(address, 'ipv6'));
  if (!carrier) return undefined;
  const [high = 0, low = 0] = groupsOf(address).slice(carrier.group);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** An IPv4 address mapped into IPv6 is checked as the IPv4 address by BlockList itself. */
function isMetadata(address: string): boolean {
  if (isIP(address) === 4) return metadata.check(address, 'ipv4');
  const carried = carriedBy(address);
  return metadata.check(address, 'ipv6') || (carried !== undefined && metadata.check(carried, 'ipv4'));
}

function isPublic(address: string): boolean {
  if (isIP(address) === 4) return !refused.check(address, 'ipv4');
  return global.check(address, 'ipv6') && !refused.check(address, 'ipv6');
}

/** Whether it is an address that is ever connected to. One with a zone (`fe80::1%eth0`) names a network card. */
function isUsable(address: string): boolean {
  return isIP(address) !== 0 && !address.includes('%') && !isMetadata(address);
}

function isSubnet(text: string): boolean {
  return isIP(text.split('/')[0] ?? '') !== 0;
}

function stripBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

/**
 * A guard that permits public addresses, and what the operator allows besides.
 *
 * `allowedHosts` holds host names (compared whole, any case: every address of theirs is permitted), IP
 * addresses and CIDR subnets; metadata services of clouds are refused all the same. `lookup` finds the
 * addresses of a name: by default as the system does, the file of hosts included. Raises an `ERR_INVALID_ARG…`/`ERR_OUT_OF_RANGE` error for a malformed subnet.
 */
export function createAddressGuard(
  options: { allowedHosts?: readonly string[]; lookup?: (name: string) => Promise<string[]> } = {},
): AddressGuard {
  const { lookup: find = lookupAll } = options;
  const allowedHosts = options.allowedHosts ?? [];
  const allowedNames = new Set(
    allowedHosts.filter((host) => !isSubnet(host)).map((host) => host.toLowerCase()),
  );
  const allowedSubnets = listSubnets(allowedHosts.filter(isSubnet));

  function lists(address: string): boolean {
    return isUsable(address) && allowedSubnets.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }

  function permits(address: string): boolean {
    return isUsable(address) && (isPublic(address) || lists(address));
  }

  async function resolve(host: string): Promise<{ addresses: string[] } | { refused: string }> {
    const name = stripBrackets(host).toLowerCase();
    const addresses = isIP(name) === 0 ? await find(name) : [name];
    // One bad address among good ones is refused too: an honest name does not point at both sides. The
    // reason does not say which address, because a private zone's answers are not for tenants to read.
    const isAllowed = allowedNames.has(name) ? addresses.every(isUsable) : addresses.every(permits);
    if (isAllowed && addresses.length > 0) return { addresses };
    return { refused: 'its host is, or resolves to, an address that is not public' };
  }

  return { permits, lists, resolve };
}

async function lookupAll(name: string): Promise<string[]> {
  const found = await lookup(name, { all: true });
  return [...new Set(found.map(({ address }) => address))];
}
