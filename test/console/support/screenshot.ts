import { mkdir } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { show } from './axe.ts';

/** Keeps a picture of the page in docs/images, when UPDATE_IMAGES=1. @param name without its ending */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (process.env['UPDATE_IMAGES'] !== '1') return;
  await mkdir('docs/images', { recursive: true });
  await show(page, 'light');
  await page.setViewportSize({ width: 1200, height: 800 });
  // A heading has the focus after a change of page: the ring around it is for who goes by keyboard.
  await page.evaluate("document.querySelector('h1:focus')?.blur()");
  await page.screenshot({ path: `docs/images/${name}.png` });
}
