import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Runs in every page: keeps what is told in passing, for a loaded machine may look when it is gone. */
export const keepTold = `globalThis.told = [];
new MutationObserver((changes) => {
  for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes]))
    if (node instanceof Element && node.parentElement?.matches('.toasts')) told.push(node.textContent);
}).observe(document, { childList: true, subtree: true });`;

/** Waits until the page has told this in passing, since it was loaded. */
export const isTold = (page: Page, text: string | RegExp): Promise<void> =>
  expect.poll(() => page.evaluate<string[]>('told')).toContainEqual(expect.stringMatching(text));
