import { expect, test } from 'vitest';
import { normalizeEmoji } from '../../../src/domain/threads/normalizeEmoji.ts';

test.each(['👍', '👍🏽', '🇪🇺', '1️⃣', '👨‍👩‍👧‍👦', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '❤️', '👩🏻‍❤️‍💋‍👩🏿'])('%s is one emoji', (emoji) => {
  expect(normalizeEmoji(emoji)).toBe(emoji);
});

test('a form without variation selector is the same emoji', () => {
  expect(normalizeEmoji('❤')).toBe('❤️');
  expect(normalizeEmoji('✔')).toBe('✔️');
});

test.each(['', ' ', 'a', '1', '#', 'ok', '👍👍', '👍a', '\u200d', '\ufe0f', '🏽🏽', '©a', 'é'])(
  '%j is none',
  (text) => {
    expect(normalizeEmoji(text)).toBeUndefined();
  },
);
