import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Waits until nothing of the page stands beyond a window of 360 pixels: right after a change of size it still may. */
export const fitsNarrow = (page: Page): Promise<void> =>
  expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
