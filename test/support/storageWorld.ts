/** A server whose stored files are reached by signed URLs. */
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SecretBox } from '../../src/drivers/secrets/SecretBox.ts';
import type { SignedPut, Storage } from '../../src/drivers/storage/Storage.ts';
import { UrlSigner } from '../../src/drivers/storage/UrlSigner.ts';
import { type TestServer, startServer } from './server.ts';

export const signerOf = (key: Buffer) => new UrlSigner(new SecretBox([key]).deriveKeys('storage urls'));

export interface StorageWorld extends AsyncDisposable {
  server: TestServer;
  storage: Storage;
  /** Its SECRET_KEY. */
  secret: Buffer;
  /** An origin whose pages it allows. */
  origin: string;
  /** Signs an upload of so many bytes of video/mp4. */
  signUpload(key: string, size: number): Promise<SignedPut>;
  /** Names of files that are half written. */
  readStaging: () => Promise<string[]>;
  listUploads(): Promise<string[]>;
  /** Requests with signed URLs that ended like this, as /metrics counts them. */
  countRequests(outcome: string): Promise<number>;
}

/** It cuts off what has not moved for a second. */
export async function startStorageWorld(): Promise<StorageWorld> {
  const secret = randomBytes(32);
  const origin = 'https://console.example.org';
  const server = await startServer({
    settings: {
      SECRET_KEY: secret.toString('base64'),
      ALLOWED_ORIGINS: origin,
      TRANSFER_STALLED_SECONDS: '1',
    },
    services: new Set(['api']),
  });
  const { storage } = server.tessera.services;
  return {
    server,
    storage,
    secret,
    origin,
    signUpload: (key, size) => storage.signPut(key, { expiresInSeconds: 60, contentType: 'video/mp4', size }),
    readStaging: () => readdir(join(server.dataDir, 'storage', '~staging')),
    async listUploads() {
      const keys: string[] = [];
      for await (const { key } of storage.list('uploads/')) keys.push(key);
      return keys;
    },
    async countRequests(outcome) {
      const lines = await (await fetch(`${server.url}/metrics`)).text();
      const found = new RegExp(`tessera_storage_requests_total\\{outcome="${outcome}"\\} (\\d+)`).exec(lines);
      return Number(found?.[1] ?? 0);
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}
