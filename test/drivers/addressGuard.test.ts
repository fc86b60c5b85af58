import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAddressGuard } from '../../src/drivers/addressGuard.ts';

const guard = createAddressGuard();

describe('the address guard', () => {
  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '100.100.100.200',
    '127.0.0.1',
    '127.255.255.254',
    '168.63.129.16',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    '64:ff9b:1::1',
    '2001:0:7f00:1::',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '100::1',
    'localhost',
    '',
  ])('refuses %s', (address) => {
    expect(guard.permits(address)).toBe(false);
  });

  it.each([
    '8.8.8.8',
    '140.82.121.4',
    '172.32.0.1',
    '100.128.0.1',
    '2606:50c0:8000::153',
    '2a00:1450:4001::1',
  ])('permits %s', (address) => {
    expect(guard.permits(address)).toBe(true);
  });

  it('refuses every IPv4 address that is private when it comes wrapped in IPv6', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const wrappers = fc.constantFrom('::ffff:', '::', '64:ff9b::');
    fc.assert(
      fc.property(wrappers, octet, octet, octet, (prefix, b, c, d) => {
        expect(guard.permits(`${prefix}127.${b}.${c}.${d}`)).toBe(false);
        expect(guard.permits(`${prefix}10.${b}.${c}.${d}`)).toBe(false);
      }),
    );
  });

  it.each([
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://[::ffff:127.0.0.1]/',
  ])('sees through the spelling of %s', async (url) => {
    expect(await guard.resolve(new URL(url).hostname)).toHaveProperty('refused');
  });

  it('refuses a name that resolves to this machine, and does not tell the address', async () => {
    const answer = await guard.resolve('localhost');
    expect(answer).toHaveProperty('refused');
    expect(JSON.stringify(answer)).not.toMatch(/127|::1/);
  });

  it('gives the one address of a public literal, which is then the one to connect to', async () => {
    expect(await guard.resolve('8.8.8.8')).toEqual({ addresses: ['8.8.8.8'] });
    expect(await guard.resolve('[2606:50c0:8000::153]')).toEqual({ addresses: ['2606:50c0:8000::153'] });
  });

  it('permits what the operator allows: a name, an address, a subnet, and nothing beside them', async () => {
    const own = createAddressGuard({ allowedHosts: ['LocalHost', '10.1.2.3', '192.168.7.0/24', 'fd00::/8'] });
    expect(await own.resolve('localhost')).toHaveProperty('addresses');
    expect(own.permits('10.1.2.3')).toBe(true);
    expect(own.permits('10.1.2.4')).toBe(false);
    expect(own.permits('192.168.7.9')).toBe(true);
    expect(own.permits('192.168.8.9')).toBe(false);
    expect(own.permits('fd12::1')).toBe(true);
    expect(await own.resolve('127.0.0.1')).toHaveProperty('refused');
  });
});
