import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { signWebhook, verifyWebhook } from '../../../src/drivers/webhooks/standardWebhooks.ts';

/** The vector that the reference implementations of the specification are tested with. */
const vector = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: 1_614_265_330,
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const at = vector.timestamp * 1000;
const headersOf = (signature: string, more: Record<string, string> = {}) => ({
  'webhook-id': vector.id,
  'webhook-timestamp': String(vector.timestamp),
  'webhook-signature': signature,
  ...more,
});
const judge = (signature: string, more: Record<string, string> = {}, now = at, body: string = vector.body) =>
  verifyWebhook([vector.secret], headersOf(signature, more), body, now).is;

describe('a signature', () => {
  test('is the one of the specification', () => {
    expect(signWebhook([vector.secret], vector)).toBe(vector.signature);
    expect(judge(vector.signature)).toBe('genuine');
  });

  test('is read by the reference library, and the other way round', () => {
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    const timestamp = Math.floor(Date.now() / 1000);
    const body = '{"name":"Zoë ☕"}';
    const signed = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(timestamp) };
    const ours = signWebhook([secret], { id: 'msg_1', timestamp, body: Buffer.from(body) });
    expect(new Webhook(secret).verify(body, { ...signed, 'webhook-signature': ours })).toEqual({
      name: 'Zoë ☕',
    });
    const theirs = new Webhook(secret).sign('msg_1', new Date(timestamp * 1000), body);
    expect(theirs).toBe(ours);
    expect(verifyWebhook([secret], { ...signed, 'webhook-signature': theirs }, body).is).toBe('genuine');
  });

  test('by each of several secrets stands beside the others, and any of them is enough', () => {
    const [older, newer] = ['whsec_b2xkIHNlY3JldCBvZiB0d2VudHktZm91cg==', vector.secret];
    const both = signWebhook([newer, older], vector);
    expect(both.split(' ')).toHaveLength(2);
    for (const secret of [older, newer])
      expect(verifyWebhook([secret], headersOf(both), vector.body, at)).toEqual({
        is: 'genuine',
        id: vector.id,
        timestamp: vector.timestamp,
      });
    expect(judge(`v1a,abc v2,${vector.signature.slice(3)} ${vector.signature}`)).toBe('genuine');
  });

  test.each(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'polar_whs_not in base64', 'plain'])(
    'by the bytes of %s as they stand counts too',
    (secret) => {
      const encoded = Buffer.from(secret).toString('base64');
      const signature = new Webhook(encoded).sign(vector.id, new Date(at), vector.body);
      expect(verifyWebhook([secret], headersOf(signature), vector.body, at).is).toBe('genuine');
    },
  );
});

describe('a message', () => {
  test.each([
    ['another body', vector.signature, {}, '{"test": 2432232315}'],
    ['another id', vector.signature, { 'webhook-id': 'msg_other' }, vector.body],
    ['another time', vector.signature, { 'webhook-timestamp': '1614265331' }, vector.body],
    ['another version', vector.signature.replace('v1', 'v2'), {}, vector.body],
    ['a signature cut short', vector.signature.slice(0, -5), {}, vector.body],
    ['the signature in hexadecimal', `v1,${Buffer.from(vector.signature).toString('hex')}`, {}, vector.body],
    ['a signature too many later', `${'v1,AAAA '.repeat(20)}${vector.signature}`, {}, vector.body],
  ])('with %s is forged', (_what, signature, more, body) => {
    expect(judge(signature, more, at, body)).toBe('forged');
  });

  test('is checked over its bytes, not over what they mean', () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x7d]);
    const signature = signWebhook([vector.secret], { ...vector, body: bytes });
    expect(verifyWebhook([vector.secret], headersOf(signature), bytes, at).is).toBe('genuine');
    expect(verifyWebhook([vector.secret], headersOf(signature), bytes.toString(), at).is).toBe('forged');
  });

  test('is stale beyond five minutes, before and after', () => {
    expect([-300_000, 300_000, -301_000, 301_000].map((ms) => judge(vector.signature, {}, at + ms))).toEqual([
      'genuine',
      'genuine',
      'stale',
      'stale',
    ]);
  });

  test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('without %s is incomplete', (name) => {
    expect(judge(vector.signature, { [name]: '' })).toBe('incomplete');
  });

  test.each(['soon', '1e9', '-1', '1614265330.5', '0x5'])('of the time %s is incomplete', (time) => {
    expect(judge(vector.signature, { 'webhook-timestamp': time })).toBe('incomplete');
  });

  test('is forged for a secret of no bytes, which everyone would know', () => {
    const signature = signWebhook([''], vector);
    for (const secrets of [[''], []])
      expect(verifyWebhook(secrets, headersOf(signature), vector.body, at).is).toBe('forged');
    expect(verifyWebhook(['whsec_'], headersOf(signature), vector.body, at).is).toBe('forged');
  });
});
