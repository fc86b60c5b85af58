import { useEffect, useState } from 'react';
import { languageOf } from './languageOf.ts';

interface Coloured {
  text: string;
  lines: readonly string[];
}

/** The coloured lines of a text, as `toPieces` reads them; undefined until they have come, and for plain text. */
export function useColours(path: string, text: string): readonly string[] | undefined {
  const [coloured, setColoured] = useState<Coloured>();
  useEffect(() => {
    if (!languageOf(path)) return undefined;
    const worker = new Worker(new URL('./highlight.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<string[]>) => {
      setColoured({ text, lines: data });
      worker.terminate();
    });
    // A worker is told, not another origin.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    worker.postMessage({ path, text });
    return () => worker.terminate();
  }, [path, text]);
  return coloured?.text === text ? coloured.lines : undefined;
}
