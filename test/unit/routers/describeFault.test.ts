import { expect, test } from 'vitest';
import { z } from 'zod';
import { describeFault } from '../../../src/routers/describeFault.ts';

/** What is said of the first fault. */
const faultOf = (schema: z.ZodType, value: unknown) => {
  const { error } = schema.safeParse(value);
  return error?.issues[0] ? describeFault(error.issues[0]) : undefined;
};

test.each([
  [z.string(), undefined, 'must be given'],
  [z.string(), 7, 'must be a text'],
  [z.string(), null, 'must be a text'],
  [z.number(), 'x', 'must be a number'],
  [z.number().int(), 1.5, 'must be a whole number'],
  [z.boolean(), 'yes', 'must be true or false'],
  [z.date(), '2026', 'must be a date'],
  [z.array(z.string()), {}, 'must be a list'],
  [z.object({}), [], 'must be an object'],
  [z.record(z.string(), z.number()), 'x', 'must be an object'],
  [z.string().min(1), '', 'must not be empty'],
  [z.string().min(3), 'ab', 'must be at least 3 characters'],
  [z.string().max(3), 'abcd', 'must be at most 3 characters'],
  [z.array(z.string()).min(1), [], 'must not be empty'],
  [z.array(z.string()).max(1), ['a', 'b'], 'must have at most 1 entry'],
  [z.array(z.string()).min(2), ['a'], 'must have at least 2 entries'],
  [z.number().min(1), 0, 'must be at least 1'],
  [z.number().gt(1), 1, 'must be more than 1'],
  [z.number().max(9), 10, 'must be at most 9'],
  [z.number().lt(9), 9, 'must be less than 9'],
  [z.date().min(new Date('2026-01-01')), new Date('2025-01-01'), 'must be at least 2026-01-01T00:00:00.000Z'],
  [z.enum(['LOW', 'HIGH']), 'HUGE', 'must be one of LOW, HIGH'],
  [z.literal('x'), 'y', 'must be x'],
  [z.uuid(), '1', 'must be a UUID'],
  [z.email(), '1', 'must be an e-mail address'],
  [z.url(), '1', 'must be a URL'],
  [z.string().regex(/^a$/), 'b', 'must match ^a$'],
  [z.strictObject({}), { a: 1, b: 2 }, 'must not have `a`, `b`'],
  [z.union([z.string(), z.number()]), true, 'must have one of the forms that this procedure takes'],
  [z.string('is a word of our own'), 7, 'is a word of our own'],
  [z.string().refine(() => false, 'must rhyme'), 'x', 'must rhyme'],
])('a fault of the input is told in words (%#)', (schema, value, text) => {
  expect(faultOf(schema, value)).toBe(text);
});
