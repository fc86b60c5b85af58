/** What people write is shown, and does nothing. */
import { build } from 'vite';
import { beforeAll, expect } from 'vitest';
import { test } from './support/openConsole.ts';
import { giveBack, takePage } from './support/browser.ts';
import { vectors } from './support/xssVectors.ts';

let script = '';

beforeAll(async () => {
  const made = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: 'web/src/kit/renderMarkdown.ts', formats: ['iife'], name: 'kit' },
    },
  });
  const [output] = Array.isArray(made) ? made : [made];
  if (!output || !('output' in output)) throw new Error('Nothing was built.');
  script = output.output[0].code;
});

interface Found {
  ran: boolean;
  tags: string[];
  attributes: string[];
  links: string[];
}

/** Renders in a page, as the console does, and tells what came of it. */
async function renderAll(sources: readonly string[]): Promise<Found[]> {
  const { page } = await takePage();
  await page.setContent('<div id="at"></div>');
  await page.addScriptTag({ content: script });
  const found = await page.evaluate(`(async () => {
    const at = document.getElementById('at');
    globalThis.alert = () => { globalThis.ran = true; };
    const all = [];
    for (const source of ${JSON.stringify(sources)}) {
      globalThis.ran = false;
      at.innerHTML = kit.renderMarkdown(source);
      for (const link of at.querySelectorAll('a')) {
        link.removeAttribute('target');
        if (link.protocol === 'javascript:' || link.protocol === 'data:') link.click();
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
      const elements = [...at.querySelectorAll('*')];
      all.push({
        ran: globalThis.ran,
        tags: elements.map((element) => element.localName),
        attributes: elements.flatMap((element) => element.getAttributeNames()),
        links: [...at.querySelectorAll('a')].map((link) => link.getAttribute('href') ?? ''),
      });
    }
    return all;
  })()`);
  await giveBack(page);
  return found as Found[];
}

test('nothing that is written runs, and nothing but text, links and tables comes of it', async () => {
  const harmless =
    /^(a|p|br|strong|em|s|del|code|pre|ul|ol|li|blockquote|h[4-6]|hr|table|thead|tbody|tr|th|td)$/;
  const found = await renderAll(vectors);
  expect(found.map(({ ran }, index) => (ran ? vectors[index] : null)).filter(Boolean)).toEqual([]);
  expect(found.flatMap(({ tags }) => tags).filter((tag) => !harmless.test(tag))).toEqual([]);
  expect(
    new Set(found.flatMap(({ attributes }) => attributes)).difference(
      new Set(['href', 'rel', 'class', 'start']),
    ),
  ).toEqual(new Set());
  expect(
    found.flatMap(({ links }) => links).filter((link) => !/^(https?:|mailto:|#|\/(?!\/)|$)/i.test(link)),
  ).toEqual([]);
});

test('Markdown, links and mentions are shown as such', async () => {
  const [text, mention, picture, headings] = await renderAll([
    '**bold** https://example.org',
    'ask @ada-1, not mail@example.org',
    '![a map](https://example.org/map.png)',
    '# One\n\nTwo\n---\n\n##### Five',
  ]);
  expect(text?.tags).toEqual(['p', 'strong', 'a']);
  expect(mention?.tags.filter((tag) => tag === 'strong')).toHaveLength(1);
  // A picture would tell its server who reads this: it is a link.
  expect(picture?.tags).toEqual(['p', 'a']);
  // The page that shows it has a title of its own.
  expect(headings?.tags).toEqual(['h4', 'h5', 'h6']);
});
