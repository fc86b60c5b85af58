import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, moment, text, updatedAt } from '../columns.ts';
import { Actor } from './Actor.ts';

/** A credential for programs: acts as its owner, narrowed to `scopes` and, when given, to `projectIds`. */
export const ApiKeySchema = defineEntity({
  name: 'ApiKey',
  tableName: 'api_keys',
  properties: {
    id: id(),
    userId: () => p.manyToOne(Actor).mapToPk().deleteRule('cascade').index(),
    name: text(255),
    prefix: text(16),
    keyHash: p.blob().unique('api_keys_key_hash_unique').hidden(),
    scopes: p.array().columnType('text[]'),
    projectIds: p.array().columnType('uuid[]').nullable(),
    expiresAt: moment(),
    lastUsedAt: moment(),
    revokedAt: moment(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class ApiKey extends ApiKeySchema.class {}
ApiKeySchema.setClass(ApiKey);
