import pg from 'pg';
import { expect, test } from 'vitest';
import { openLog } from '../../src/openLog.ts';

test('a connection that broke is told of without the connection, and secrets are left out', () => {
  const lines: string[] = [];
  const log = openLog({ LOG_LEVEL: 'info' }, { write: (line) => void lines.push(line) });
  const client = new pg.Client({ password: 'hunter2-of-the-database' });
  const error = Object.assign(new Error('terminated'), { code: '57P01', client });
  log.warn({ err: error, session: { token: 'hunter2-of-a-session' } }, 'a database connection broke');
  expect(lines).toHaveLength(1);
  const line = lines[0] ?? '';
  expect(JSON.parse(line)).toMatchObject({
    msg: 'a database connection broke',
    err: { message: 'terminated', code: '57P01', stack: expect.stringContaining('openLog.test.ts') },
  });
  expect(JSON.parse(line).err).not.toHaveProperty('client');
  expect(line).not.toContain('hunter2');
});
