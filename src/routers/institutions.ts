import { z } from 'zod';
import {
  createInstitution,
  deleteInstitution,
  restoreInstitution,
  updateInstitution,
} from '../domain/identity/institutions.ts';
import { normalizeRorId } from '../domain/identity/ror.ts';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { viewInstitution } from '../views/institutions.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { listInstitutions } from '../views/sql/identity/listInstitutions.ts';
import { readInstitution } from '../views/sql/identity/readInstitution.ts';
import { line } from './freeText.ts';
import { displayName } from './identityFields.ts';
import { metadata } from './metadata.ts';
import { instance, router } from './trpc.ts';
import { version } from './workFields.ts';

const identifier = line(255)
  .toLowerCase()
  .regex(/^[a-z0-9]+(?:[._-][a-z0-9]+)*$/, 'must be a–z, 0–9, and single ., _ or - between them');
const homepage = line(255).pipe(
  z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }),
);
const rorId = z
  .string()
  .max(100)
  .transform((text, ctx) => {
    const normal = normalizeRorId(text);
    if (normal !== undefined) return normal;
    ctx.addIssue('must be a ROR id such as https://ror.org/05dxps055');
    return z.NEVER;
  });

export const institutions = router({
  /** Enters an institution that people can belong to. */
  create: instance.mutation(
    'institutions.create',
    {
      id: uuid.optional(),
      name: displayName,
      identifier,
      homepage: homepage.nullish(),
      rorId: rorId.nullish(),
      metadata: metadata.optional(),
    },
    ({ ctx, input }) => ctx.write((em) => createInstitution(em, input), viewInstitution),
  ),

  /** One institution. */
  get: instance.query(
    'institutions.get',
    { institutionId: uuid },
    async ({ ctx, input }) =>
      (await readInstitution(ctx.reads, input.institutionId)) ?? fail('NOT_FOUND', { thing: 'institution' }),
  ),

  /** All institutions, newest first. */
  list: instance.query('institutions.list', page, async ({ ctx, input: { cursor, limit } }) => {
    const of = { position: readCursor(cursor), limit: limit + 1 };
    return toPage(await listInstitutions(ctx.reads, of), limit, (institution) => institution);
  }),

  /** Changes what is given; `metadata` is replaced as a whole. */
  update: instance.mutation(
    'institutions.update',
    {
      institutionId: uuid,
      name: displayName.optional(),
      identifier: identifier.optional(),
      homepage: homepage.nullish(),
      rorId: rorId.nullish(),
      metadata: metadata.optional(),
      version,
    },
    ({ ctx, input: { institutionId, version: sent, mutationId: _, ...changes } }) =>
      ctx.write((em) => updateInstitution(em, { institutionId, changes, version: sent }), viewInstitution),
  ),

  /** Deletes an institution softly; its identifier is free. */
  delete: instance.mutation('institutions.delete', { institutionId: uuid }, ({ ctx, input }) =>
    ctx.write((em) => deleteInstitution(em, input.institutionId), viewInstitution),
  ),

  /** Takes a deleted institution back, unless its identifier has been taken. */
  restore: instance.mutation('institutions.restore', { institutionId: uuid }, ({ ctx, input }) =>
    ctx.write((em) => restoreInstitution(em, input.institutionId), viewInstitution),
  ),
});
