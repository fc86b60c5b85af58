/** What may stand in the fields of services and webhooks. */
import { z } from 'zod';
import { isPattern } from '../domain/webhooks/eventTypes.ts';
import { freeText, line } from './freeText.ts';
import { metadata } from './metadata.ts';

function isWebAddress(text: string): boolean {
  const url = URL.parse(text);
  return (
    !!url &&
    ['http:', 'https:'].includes(url.protocol) &&
    url.hostname !== '' &&
    !url.username &&
    !url.password
  );
}

export const serviceName = line(255);
export const serviceUrl = line(255).refine(
  isWebAddress,
  'must be an http:// or https:// address without a user name or password',
);
/** Joined to the service's address, which it cannot leave. */
export const healthCheck = line(255).refine(
  (path) => /^\/(?![/\\])/.test(path) && !path.includes('\\'),
  'must be a path such as /healthz',
);
export const configKey = line(255).regex(
  /^[A-Za-z_][A-Za-z0-9_.-]*$/,
  'must be letters, digits, _, . and -, and not begin with a digit',
);
/** JSON, not null; it is checked as `metadata` is, of which it could be a value. */
export const configValue = z
  .custom<NonNullable<z.core.util.JSONType>>(
    (value) => value !== null && value !== undefined,
    'must be JSON, and not null',
  )
  .refine((value) => metadata.safeParse({ value }).success, 'must be JSON of at most 16,384 characters');

/** Where it may lead depends on the settings: see `checkTarget`. */
export const webhookUrl = line(255);
export const webhookEvents = z
  .array(z.string().max(100))
  .min(1, 'must name at least one event')
  .max(200, 'must name at most 200 events')
  .transform((given) => [...new Set(given)])
  .superRefine((given, ctx) => {
    const unknown = given.find((text) => !isPattern(text));
    if (unknown !== undefined)
      ctx.addIssue(
        `must be types of events, such as webhooks.events lists; ${JSON.stringify(unknown)} is none`,
      );
    if (given.includes('*') && given.length > 1)
      ctx.addIssue('must be * alone, which stands for every event');
  });
export const webhookDescription = freeText(2_000);
