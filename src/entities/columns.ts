/** Columns that many tables share, in one form. */
import { p } from '@mikro-orm/core';
import { v7 as uuidv7 } from 'uuid';

/** Primary key: UUID v7 (RFC 9562), made in the application, so that a client may supply its own. */
export const id = () =>
  p
    .uuid()
    .primary()
    .onCreate(() => uuidv7());

export const createdAt = () =>
  p
    .datetime()
    .columnType('timestamptz(3)')
    .defaultRaw('now()')
    .onCreate(() => new Date());

export const updatedAt = () =>
  p
    .datetime()
    .columnType('timestamptz(3)')
    .defaultRaw('now()')
    .onCreate(() => new Date())
    .onUpdate(() => new Date());

/** A moment that may not have come yet. */
export const moment = () => p.datetime().columnType('timestamptz(3)').nullable();

/** Soft delete: set means deleted; see the filter in mikro-orm.config.ts. */
export const deletedAt = () => moment();

/** Free data under a zod schema of the code; never null. */
export const metadata = () =>
  p
    .json()
    .$type<Record<string, unknown>>()
    .defaultRaw(`'{}'::jsonb`)
    .onCreate(() => ({}));

export const text = (length: number) => p.string().length(length);
