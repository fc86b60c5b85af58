import { z } from 'zod';
import type { Institution } from '../entities/identity/Institution.ts';
import { moment, uuid } from './columns.ts';

export const institutionView = z.object({
  id: uuid,
  name: z.string(),
  identifier: z.string(),
  homepage: z.string().nullable(),
  /** `https://ror.org/…` */
  rorId: z.string().nullable(),
  metadata: z.record(z.string(), z.unknown()),
  /** Send it back with `institutions.update`, so that nobody overwrites what they have not seen. */
  version: z.number(),
  createdAt: moment,
  updatedAt: moment,
});
export type InstitutionView = z.infer<typeof institutionView>;

export function viewInstitution(institution: Institution): InstitutionView {
  return {
    id: institution.id,
    name: institution.name,
    identifier: institution.identifier,
    homepage: institution.homepage ?? null,
    rorId: institution.rorId ?? null,
    metadata: institution.metadata,
    version: institution.rowVersion,
    createdAt: institution.createdAt,
    updatedAt: institution.updatedAt,
  };
}
