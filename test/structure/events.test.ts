import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defaultPermissions } from '../../src/authz/defaultPolicy.ts';
import { listsOf } from '../../client/src/index.ts';
import { type EventType, catalogue } from '../../src/events/catalogue.ts';
import { contracted } from '../events/contract/areas.ts';

/** Every path in a schema that leads to a z.date(). */
function datePaths(schema: z.ZodType, path = ''): string[] {
  if (schema instanceof z.ZodDate) return [path];
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional)
    return datePaths(schema.unwrap() as z.ZodType, path);
  if (schema instanceof z.ZodArray) return datePaths(schema.element as z.ZodType, path);
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape).flatMap(([key, inner]) =>
      datePaths(inner as z.ZodType, path ? `${path}.${key}` : key),
    );
  }
  return [];
}

/** Every path that ends in `At`. */
function momentPaths(schema: z.ZodType, path = ''): string[] {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional)
    return momentPaths(schema.unwrap() as z.ZodType, path);
  if (schema instanceof z.ZodArray) return momentPaths(schema.element as z.ZodType, path);
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape).flatMap(([key, inner]) =>
      momentPaths(inner as z.ZodType, path ? `${path}.${key}` : key),
    );
  }
  return path.endsWith('At') ? [path] : [];
}

describe('the catalogue of events', () => {
  test.each(Object.entries(catalogue))(
    '%s holds moments at keys that end in At, and only there',
    (_type, row) => {
      expect(datePaths(row.payload).toSorted()).toEqual(momentPaths(row.payload).toSorted());
      expect(datePaths(row.payload).filter((path) => !path.endsWith('At'))).toEqual([]);
    },
  );

  test('every event is read under a permission that exists', () => {
    const known = new Set(
      Object.entries(defaultPermissions).flatMap(([object, actions]) =>
        Object.keys(actions).map((action) => `${object}.${action}`),
      ),
    );
    expect(
      Object.values(catalogue).filter((row) => row.permission !== null && !known.has(row.permission)),
    ).toEqual([]);
  });

  test('a test shows of every event what it does to what was shown before', () => {
    // For a new type: a step of an area in test/events/contract/, and its place in client/src/applyTo….ts.
    expect(Object.keys(catalogue).filter((type) => !contracted.has(type))).toEqual([]);
    expect([...contracted].filter((type) => !(type in catalogue))).toEqual([]);
  });

  test('the published client applies every event of a project to one of its lists, or to the view it has of them', () => {
    const shownApart = /^(thread|comment|star|notification|credits|payment)\./;
    expect(
      Object.keys(catalogue).filter(
        (type) => !shownApart.test(type) && listsOf(type as EventType).length === 0,
      ),
    ).toEqual([]);
  });
});
