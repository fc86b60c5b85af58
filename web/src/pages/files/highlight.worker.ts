/** Colours source text beside the page, which stays quick meanwhile. */
import hljs from 'highlight.js/lib/core';
import { beforeClass, beforeText, toLines } from './colours.ts';
import { grammars } from './grammars.ts';
import { languageOf } from './languageOf.ts';

addEventListener('message', ({ data }: MessageEvent<{ path: string; text: string }>) => {
  const { path, text } = data;
  const language = languageOf(path);
  if (!language || text.includes(beforeClass) || text.includes(beforeText)) return;
  void grammars[language]().then(({ default: grammar }) => {
    hljs.registerLanguage(language, grammar);
    const { value } = hljs.highlight(text, { language, ignoreIllegals: true });
    postMessage(toLines(value));
  });
});
