import { source } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** Only colours differ between light and dark. */
const checks = {
  light: { type: 'tag', values: tags },
  dark: { type: 'rule', values: ['color-contrast'] },
};

interface Violation {
  id: string;
  nodes: { html: string; failureSummary: string }[];
}

/** Colours on their way from light to dark are neither: without transitions they are there at once. */
const still = `(() => {
  if (document.adoptedStyleSheets.length > 0) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('*, ::before, ::after { transition: none !important; animation: none !important }');
  document.adoptedStyleSheets = [sheet];
})()`;
const present = "matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'";

const run = (options: object) => `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
  violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })) })))`;

/** Shows the page in light or dark, and waits until it is: a script of the page follows the browser's wish. */
export async function show(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: 'attached' });
}

/** Asserts that the page as it stands violates none of WCAG 2.2 A and AA that axe can tell, in light and in dark. */
export async function axe(page: Page): Promise<void> {
  // A page keeps it until it is loaded anew.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(source);
  await page.evaluate(still);
  // The present one first: a change costs what a check does.
  const first = await page.evaluate<keyof typeof checks>(present);
  for (const colorScheme of [first, first === 'light' ? 'dark' : 'light'] as const) {
    await show(page, colorScheme);
    const options = { runOnly: checks[colorScheme], resultTypes: ['violations'], preload: false };
    const violations = await page.evaluate<Violation[]>(run(options));
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${colorScheme}: ${id}: ${html}\n${failureSummary}`),
    );
    expect(found).toEqual([]);
  }
}
