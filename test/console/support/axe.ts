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

/** Asserts that the page as it stands violates none of WCAG 2.2 A and AA that axe can tell, in light and in dark. */
export async function axe(page: Page): Promise<void> {
  // A page keeps it until it is loaded anew.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(source);
  for (const [colorScheme, runOnly] of Object.entries(checks)) {
    await page.emulateMedia({ colorScheme: colorScheme as keyof typeof checks });
    const options = { runOnly, resultTypes: ['violations'], preload: false };
    const violations = await page.evaluate<Violation[]>(
      // Colours on their way from light to dark are neither.
      `Promise.allSettled(document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime < Infinity)
        .map(({ finished }) => finished)).then(() => axe.run(document, ${JSON.stringify(options)})).then(({ violations }) =>
        violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })) })))`,
    );
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${colorScheme}: ${id}: ${html}\n${failureSummary}`),
    );
    expect(found).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null });
}
