import { saveText } from '../saveText.ts';

interface ExportPage {
  text: string;
  nextCursor: string | null;
}

/** As many rows as one answer holds. */
export const exportPage = 5_000;

/** Reads the whole log page by page, and has the browser keep it as a file. */
export async function saveLog(
  name: string,
  format: 'csv' | 'json',
  read: (cursor: string | null) => Promise<ExportPage>,
): Promise<void> {
  const texts: string[] = [];
  let cursor: string | null = null;
  do {
    const page: ExportPage = await read(cursor);
    texts.push(page.text);
    cursor = page.nextCursor;
  } while (cursor !== null);
  saveText(
    `${name}.${format === 'csv' ? 'csv' : 'jsonl'}`,
    format === 'csv' ? 'text/csv' : 'application/jsonl',
    ...texts,
  );
}
