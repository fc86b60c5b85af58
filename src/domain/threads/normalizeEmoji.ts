/** Emoji recommended for general interchange (UTS #51), sequences included, in their fully-qualified form. */
const oneEmoji = /^\p{RGI_Emoji}$/v;
const variationSelector = '\uFE0F';

/**
 * Checks that a text is exactly one emoji and gives its fully-qualified form, so that ❤ and ❤️ are one
 * reaction; undefined when it is anything else.
 */
export function normalizeEmoji(text: string): string | undefined {
  if (oneEmoji.test(text)) return text;
  const qualified = `${text}${variationSelector}`;
  return oneEmoji.test(qualified) ? qualified : undefined;
}
