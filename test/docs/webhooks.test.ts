import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { signWebhook } from '../../src/drivers/webhooks/standardWebhooks.ts';
import { appRouter } from '../../src/routers/_app.ts';
import { settingTable } from '../../src/settings.ts';

const page = readFileSync('docs/webhooks.md', 'utf8');
const named = (pattern: RegExp) => [...new Set([...page.matchAll(pattern)].map(([, name = '']) => name))];

test('docs/webhooks.md names every procedure and setting of webhooks, and only those that there are', () => {
  const procedures = Object.keys(appRouter._def.procedures).filter((name) => name.startsWith('webhooks.'));
  const told = named(/\b(webhooks\.[a-z][A-Za-z]*)/g);
  expect(told.filter((name) => !procedures.includes(name))).toEqual([]);
  const unsaid = new Set(['webhooks.get', 'webhooks.list', 'webhooks.delete']);
  expect(procedures.filter((name) => !told.includes(name) && !unsaid.has(name))).toEqual([]);
  const settings = Object.keys(settingTable).filter((name) => name.startsWith('WEBHOOK_'));
  expect(named(/\b(WEBHOOK_(?!SECRET)[A-Z]+)/g).toSorted()).toEqual(settings.toSorted());
});

test('the receiver of docs/webhooks.md takes what is signed with its secret, and nothing else', async () => {
  const example = /```ts\n(import \{ createServer[^`]+)```/.exec(page)?.[1] ?? '';
  const program = example.replace(
    '.listen(8080)',
    '.listen(0, function () { console.log(this.address().port); })',
  );
  expect(program).not.toBe(example);
  const secret = `whsec_${Buffer.from('a secret of the test').toString('base64')}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, WEBHOOK_SECRET: secret },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const lines = createInterface({ input: child.stdout });
    const [port] = (await once(lines, 'line')) as [string];
    const body = JSON.stringify({ type: 'issue.closed', data: { title: 'naïve' } });
    const timestamp = Math.floor(Date.now() / 1000);
    const send = async (key: string, at = timestamp) => {
      const response = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        body,
        headers: {
          'webhook-id': 'm1',
          'webhook-timestamp': String(at),
          'webhook-signature': signWebhook([key], { id: 'm1', timestamp: at, body }),
        },
      });
      return response.status;
    };
    const line = once(lines, 'line');
    expect(await send(secret)).toBe(204);
    expect(String(await line)).toContain('issue.closed');
    expect(await send(`whsec_${Buffer.from('another').toString('base64')}`)).toBe(400);
    expect(await send(secret, timestamp - 3600)).toBe(400);
  } finally {
    child.kill('SIGKILL');
  }
});
