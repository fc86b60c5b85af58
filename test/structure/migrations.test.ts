import { expect, test } from 'vitest';
import { readMigrations } from '../../src/database/commands/readMigrations.ts';

test('every migration, up and down, says first how long it waits for a lock', async () => {
  const migrations = await readMigrations();
  expect(migrations.length).toBeGreaterThan(20);
  for (const { name, up, down } of migrations)
    for (const [first, ...rest] of [up, down]) {
      expect(first, name).toMatch(/^set local lock_timeout = '[1-5]s'$/);
      expect(rest.length, name).toBeGreaterThan(0);
    }
});
