import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

function encode(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...parts: Buffer[]): Buffer => encode(0x30, ...parts);
const identifier = (hex: string): Buffer => encode(0x06, Buffer.from(hex, 'hex'));

function encodeTime(date: Date): Buffer {
  return encode(0x17, Buffer.from(`${date.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`));
}

/**
 * A self-signed certificate (X.509, RFC 5280) for the host names given and 127.0.0.1, valid for an hour around
 * now, made here because neither Node nor git can make one and tests should not need openssl.
 */
export function makeCertificate(names: readonly string[]): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(identifier('2a8648ce3d040302'));
  const commonName = sequence(identifier('550403'), encode(0x0c, Buffer.from('test')));
  const name = sequence(encode(0x31, commonName));
  const now = Date.now();
  const validity = sequence(encodeTime(new Date(now - 1_800_000)), encodeTime(new Date(now + 1_800_000)));
  const hosts = names.map((host) => encode(0x82, Buffer.from(host)));
  const alternativeNames = sequence(...hosts, encode(0x87, Buffer.from([127, 0, 0, 1])));
  const extensions = sequence(
    sequence(identifier('551d11'), encode(0x04, alternativeNames)),
    sequence(
      identifier('551d13'),
      encode(0x01, Buffer.from([255])),
      encode(0x04, sequence(encode(0x01, Buffer.from([255])))),
    ),
  );
  const body = sequence(
    encode(0xa0, encode(0x02, Buffer.from([2]))),
    encode(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    encode(0xa3, extensions),
  );
  const signature = encode(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  const der = sequence(body, ecdsaWithSha256, signature);
  const lines = der.toString('base64').replaceAll(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}
