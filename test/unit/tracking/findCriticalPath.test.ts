import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findCriticalPath } from '../../../src/domain/tracking/findCriticalPath.ts';
import type { OpenTask } from '../../../src/views/sql/listOpenTasks.ts';

const task = (id: string, days: number, dependsOn: string[] = []): OpenTask => ({
  id,
  title: id,
  status: 'NOT_STARTED',
  assignee: null,
  days,
  dueAt: null,
  dependsOn,
});

/** Any directed graph without circles: each task waits for some of those before it in a list, which is then mixed. */
const graph = fc
  .array(fc.record({ days: fc.integer({ min: 1, max: 9 }), waits: fc.array(fc.nat(20), { maxLength: 4 }) }), {
    maxLength: 9,
  })
  .chain((rows) => {
    const tasks = rows.map(({ days, waits }, index) => {
      const before = index === 0 ? [] : [...new Set(waits.map((wait) => `t${wait % index}`))];
      return task(`t${index}`, days, before);
    });
    return fc.shuffledSubarray(tasks, { minLength: tasks.length });
  });

/** Every chain there is, written out. */
function allChains(tasks: readonly OpenTask[]): string[][] {
  const byId = new Map(tasks.map((one) => [one.id, one]));
  const endingAt = (one: OpenTask): string[][] => [
    [one.id],
    ...one.dependsOn.flatMap((id) => endingAt(byId.get(id)!).map((chain) => chain.concat(one.id))),
  ];
  return tasks.flatMap(endingAt);
}

test('no chain takes longer, and the one found is a chain', () => {
  fc.assert(
    fc.property(graph, (tasks) => {
      const days = new Map(tasks.map((one) => [one.id, one.days]));
      const lengthOf = (chain: readonly string[]) => chain.reduce((sum, id) => sum + days.get(id)!, 0);
      const path = findCriticalPath(tasks);
      const ids = path.tasks.map((one) => one.id);
      expect(path.days).toBe(Math.max(0, ...allChains(tasks).map(lengthOf)));
      expect(lengthOf(ids)).toBe(path.days);
      for (const [index, id] of ids.slice(1).entries())
        expect(tasks.find((one) => one.id === id)?.dependsOn).toContain(ids[index]);
    }),
  );
});

test('of equal chains it is the one whose tasks come first', () => {
  const tasks = [task('a', 2), task('b', 2), task('c', 1, ['b', 'a']), task('d', 1, ['a'])];
  expect(findCriticalPath(tasks).tasks.map((one) => one.id)).toEqual(['b', 'c']);
});

test('tasks in a circle are on no path and do not keep it from an end', () => {
  const tasks = [task('a', 5, ['b']), task('b', 5, ['a']), task('c', 1)];
  expect(findCriticalPath(tasks)).toMatchObject({ days: 1, tasks: [{ id: 'c' }] });
});

test('a chain of twenty thousand tasks is found', () => {
  const tasks = Array.from({ length: 20_000 }, (_, index) =>
    task(`t${index}`, 1, index === 0 ? [] : [`t${index - 1}`]),
  );
  expect(findCriticalPath(tasks).days).toBe(20_000);
});
