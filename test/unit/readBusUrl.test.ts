import { expect, test } from 'vitest';
import { readBusUrl } from '../../src/readBusUrl.ts';
import { readSettings } from '../../src/settings.ts';

test.each([
  ['nats://bus.example.org', { servers: ['bus.example.org:4222'] }],
  ['nats://a:1, b:2 ,nats://c', { servers: ['a:1', 'b:2', 'c:4222'] }],
  ['nats://[::1]:5222/', { servers: ['[::1]:5222'] }],
  ['tls://u:p%40%2C@a,tls://b', { servers: ['a:4222', 'b:4222'], user: 'u', pass: 'p@,', tls: {} }],
  ['nats://t0ken@a', { servers: ['a:4222'], token: 't0ken' }],
])('%s is read', (text, target) => {
  expect(readBusUrl(text)).toEqual(target);
});

test.each(['http://a', 'nats://', 'a b', 'nats://a/path', 'nats://a?x=1', ' , ', 'nats://a:99999'])(
  '%s stops the start, and its password is not said',
  (text) => {
    const given = text.replace('://a', '://u:hush@a');
    expect(() => readSettings({ BUS_URL: given })).toThrow(/BUS_URL=…: (must|is no)/);
    expect(() => readSettings({ BUS_URL: given })).not.toThrow(/hush/);
  },
);

test('without it the nodes speak over PostgreSQL', () => {
  expect(readSettings({}).BUS_URL).toBeUndefined();
});
