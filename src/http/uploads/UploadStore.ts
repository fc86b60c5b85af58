import type { Readable } from 'node:stream';
import { DataStore, ERRORS, Upload } from '@tus/server';
import type pg from 'pg';
import { findUpload } from '../../domain/media/sql/findUpload.ts';
import { findParts, storeParts } from '../../domain/media/uploadParts.ts';
import type { Storage } from '../../drivers/storage/Storage.ts';

/** Resumable uploads as objects of the storage: on every node, and wherever the storage keeps its bytes. */
export class UploadStore extends DataStore {
  readonly #reads: pg.Pool;
  readonly #storage: Storage;

  constructor(reads: pg.Pool, storage: Storage) {
    super();
    this.#reads = reads;
    this.#storage = storage;
  }

  override async getUpload(id: string): Promise<Upload> {
    const found = await findUpload(this.#reads, id);
    if (!found) throw ERRORS.FILE_NO_LONGER_EXISTS;
    const { offset } = await findParts(this.#storage, id);
    return new Upload({ id, size: found.size, offset, creation_date: found.createdAt.toISOString() });
  }

  override write(stream: Readable, id: string, offset: number): Promise<number> {
    return storeParts(this.#storage, { mediaId: id, offset }, stream);
  }
}
