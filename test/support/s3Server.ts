/** A server that speaks S3's protocol, with an empty bucket. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type S3Target, readStorageUrl } from '../../src/readStorageUrl.ts';
import { quickFolder } from './cluster.ts';

interface Call {
  path: string;
  method: string;
  query: { uploadId?: string };
  status: number;
  app: object;
}
interface S3rver {
  run(): Promise<{ port: number }>;
  close(): Promise<void>;
  middleware: ((call: Call, next: () => Promise<void>) => Promise<void>)[];
}
const require = createRequire(import.meta.url);
// Without types of its own; and in its own module system, of which the test runner would make another.
const Server = require('@20minutes/s3rver') as new (options: object) => S3rver;

export interface S3Server extends AsyncDisposable {
  target: S3Target;
  /** As STORAGE_URL takes it. */
  url: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** Names of uploads in parts that are not over, and how many have been given up. */
  openUploads(): Promise<string[]>;
  givenUp(): number;
}

/** It makes the tokens of long lists with DES, which OpenSSL no longer has. @returns what undoes the replacement. */
function replaceCipher(): () => void {
  const crypto = require('node:crypto') as Pick<
    typeof import('node:crypto'),
    'createCipheriv' | 'createDecipheriv'
  >;
  const { createCipheriv, createDecipheriv } = crypto;
  const twice = (bytes: Buffer) => Buffer.concat([bytes, bytes]);
  type Make = (name: string, key: Buffer, iv: Buffer, ...rest: unknown[]) => unknown;
  const replace = (make: Make) =>
    ((name: string, key: Buffer, iv: Buffer, ...rest: unknown[]) =>
      name === 'des' ? make('aes-128-cbc', twice(key), twice(iv)) : make(name, key, iv, ...rest)) as never;
  crypto.createCipheriv = replace(createCipheriv as never);
  crypto.createDecipheriv = replace(createDecipheriv as never);
  return () => Object.assign(crypto, { createCipheriv, createDecipheriv });
}

export async function startS3(prefix = 'some/where'): Promise<S3Server> {
  const directory = await mkdtemp(join(await quickFolder(), 'tessera-s3-'));
  let givenUp = 0;
  const uploads = join(directory, 'tessera-test', '._S3rver_uploads');
  const server = new Server({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory,
    configureBuckets: [{ name: 'tessera-test' }],
  });
  // It checks the signatures of requests about a bucket as if their path had no slash at its end, but the SDK
  // writes one. Those about objects it checks well, but for query parameters with ' or *.
  // And it knows no way to give up an upload in parts.
  server.middleware.unshift(async (call, next) => {
    if (call.method === 'DELETE' && call.query.uploadId) {
      givenUp += 1;
      await rm(join(uploads, call.query.uploadId), { recursive: true, force: true });
      call.status = 204;
      return;
    }
    if (/^\/[^/]+\/$/.test(call.path))
      call.app = Object.create(call.app, { allowMismatchedSignatures: { value: true } }) as object;
    await next();
  });
  const restore = replaceCipher();
  const { port } = await server.run();
  const url = `s3://tessera-test/${prefix}?region=us-east-1&endpoint=http://127.0.0.1:${port}&pathStyle=1`;
  return {
    target: readStorageUrl(url),
    url,
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    openUploads: () => readdir(uploads).catch(() => []),
    givenUp: () => givenUp,
    async [Symbol.asyncDispose]() {
      await server.close();
      restore();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
