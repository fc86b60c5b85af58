/** What may stand in the fields of semantic patterns. */
import { z } from 'zod';
import { cardinality } from '../views/patterns.ts';
import { givenMoment, uuid } from '../views/columns.ts';
import { page } from '../views/paging.ts';
import { freeText, line } from './freeText.ts';
import { metadata } from './metadata.ts';

/** Most parts that one composition may have. */
const mostParts = 1_000;

export const patternName = line(255);
const identifier = line(255).refine((text) => !/\s/u.test(text), 'must not contain white space');
/** An IRI in full (RFC 3987): a scheme, a colon, and no white space. */
export const iri = line(500).refine(
  (text) => /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/u.test(text),
  'must be a full URI, as http://example.org/fields/title',
);
export const versionSeen = z.number().int().optional();

/** Of every noun. */
export const nounShape = {
  identifier: identifier.optional(),
  description: freeText(20_000).optional(),
  metadata: metadata.optional(),
};

/** Of fields, models and collections. */
export const patternShape = {
  ...nounShape,
  uri: iri.nullish(),
  rdfType: line(255).nullish(),
  ontologyPath: line(500).nullish(),
  categoryId: uuid.nullish(),
};

/** What lists of nouns take. */
export const nounPage = { ...page, deleted: z.boolean().default(false) };

/** A moment in the past to read the state of. */
export const asOf = givenMoment.optional();

export const fieldParts = z
  .array(
    z.strictObject({
      fieldId: uuid,
      cardinality: cardinality.optional(),
      required: z.boolean().optional(),
    }),
  )
  .max(mostParts);

export const collectionParts = z.array(z.strictObject({ collectionId: uuid })).max(mostParts);
export const mostSemantics = mostParts;
