import { catalogue } from '../../events/catalogue.ts';
import { describePayload } from './describePayload.ts';
import { versionOf, wants, webhookTypes } from './eventTypes.ts';

/** A type of event that a webhook can be told of. */
export interface EventDescription {
  type: string;
  /** As in the message; raised when a receiver would have to change. */
  version: number;
  /** What who is responsible for the webhook must be allowed to call. */
  permission: string | null;
  /** JSON Schema of `data` in the message; null: it was not asked for. */
  schema: Record<string, unknown> | null;
}

const schemas = new Map<string, Record<string, unknown>>();

/** Made once each, when first asked for: they do not change while the process runs. */
function schemaOf(type: (typeof webhookTypes)[number]): Record<string, unknown> {
  const known = schemas.get(type) ?? describePayload(catalogue[type].payload);
  schemas.set(type, known);
  return known;
}

/** The types that a pattern holds (`*`, `issue.*`, or one), in alphabetical order. */
export function describeEvents(pattern: string, withSchemas: boolean): EventDescription[] {
  return webhookTypes
    .filter((type) => wants([pattern], type))
    .toSorted()
    .map((type) => ({
      type,
      version: versionOf(type),
      permission: catalogue[type].permission,
      schema: withSchemas ? schemaOf(type) : null,
    }));
}
