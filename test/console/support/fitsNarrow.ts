import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** What stands beyond the right edge, from the outside in; nothing where the page fits. */
const beyond = `document.documentElement.scrollWidth <= 360 ? [] : [...document.querySelectorAll('body *')]
  .filter((element) => element.getBoundingClientRect().right > 360)
  .map((element) => element.outerHTML.slice(0, 120)).slice(0, 20)`;

/** Waits until nothing of the page stands beyond a window of 360 pixels: right after a change of size it still may. */
export const fitsNarrow = (page: Page): Promise<void> =>
  expect.poll(() => page.evaluate<string[]>(beyond)).toEqual([]);
