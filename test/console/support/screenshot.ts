import { mkdir } from 'node:fs/promises';
import type { Page } from 'playwright-core';

/** Keeps a picture of the page in docs/images, when UPDATE_IMAGES=1. @param name without its ending */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (process.env['UPDATE_IMAGES'] !== '1') return;
  await mkdir('docs/images', { recursive: true });
  await page.setViewportSize({ width: 1200, height: 800 });
  await page.screenshot({ path: `docs/images/${name}.png` });
}
