/** What the upload's address refuses is refused again; all else is tried again. */
export class UploadRefused extends Error {
  readonly remedy: string;
  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

const version = { 'tus-resumable': '1.0.0' };

/** Bytes that have arrived. @throws UploadRefused when the upload is gone. */
async function readOffset(url: string, signal: AbortSignal): Promise<number> {
  const answer = await fetch(url, { method: 'HEAD', headers: version, signal, cache: 'no-store' });
  if (answer.status === 404 || answer.status === 410 || answer.status === 403)
    throw new UploadRefused('This upload is over.', 'Choose the file again to begin anew.');
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return Number(answer.headers.get('upload-offset') ?? 0);
}

function readRefusal(text: string): UploadRefused {
  try {
    const { message, remedy } = JSON.parse(text) as { message?: string; remedy?: string };
    if (message) return new UploadRefused(message, remedy ?? '');
  } catch {
    // It is not the server's own answer.
  }
  return new UploadRefused('The bytes were not taken.', 'Choose the file again to begin anew.');
}

/** Sends what follows an offset in one request; only XMLHttpRequest tells how much has gone. */
function patch(
  url: string,
  {
    file,
    offset,
    signal,
    onSent,
  }: { file: File; offset: number; signal: AbortSignal; onSent: (bytes: number) => void },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PATCH', url);
    request.setRequestHeader('tus-resumable', '1.0.0');
    request.setRequestHeader('upload-offset', String(offset));
    request.setRequestHeader('content-type', 'application/offset+octet-stream');
    request.upload.addEventListener('progress', ({ loaded }) => onSent(offset + loaded));
    const abort = () => request.abort();
    signal.addEventListener('abort', abort);
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort));
    request.addEventListener('load', () => {
      if (request.status < 300) resolve();
      // Somebody else writes, or the offset was another: it is asked for anew.
      else if (request.status >= 500 || [409, 423, 429].includes(request.status))
        reject(new Error(`The server answered ${request.status}.`));
      else reject(readRefusal(request.responseText));
    });
    request.addEventListener('error', () => reject(new Error('The connection was lost.')));
    request.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')));
    request.send(file.slice(offset));
  });
}

/** Waits a while, or until the network is back. */
const rest = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    addEventListener('online', end);
    signal.addEventListener('abort', end);
  });

/**
 * Sends a file to the address of a tus upload from where it stopped, and goes on after every break until all has
 * arrived.
 * @param onWaiting told when the connection is lost, and when it goes on
 * @throws UploadRefused, or AbortError once the signal says so
 */
export async function sendByTus(
  url: string,
  file: File,
  told: { signal: AbortSignal; onSent: (bytes: number) => void; onWaiting: (isWaiting: boolean) => void },
): Promise<void> {
  const { signal, onSent, onWaiting } = told;
  for (let failures = 0; ; failures += 1) {
    try {
      const offset = await readOffset(url, signal);
      onWaiting(false);
      onSent(offset);
      if (offset >= file.size) return;
      await patch(url, { file, offset, signal, onSent });
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof UploadRefused) throw error;
      onWaiting(true);
      await rest(Math.min(10_000, 1_000 * 2 ** failures), signal);
    }
  }
}
