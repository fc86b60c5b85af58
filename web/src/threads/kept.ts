/**
 * Texts of people that outlive the page: drafts, and what could not be sent yet. They lie in the browser's storage
 * under the account's id, so that nobody finds another's, and go with signing out.
 */
const prefix = 'tessera:';

const keyOf = (actorId: string, name: string) => `${prefix}${actorId}:${name}`;

/** Without storage (it is full, or switched off) texts last as long as the page. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

export const readKept = (actorId: string, name: string): string | null =>
  attempt(() => localStorage.getItem(keyOf(actorId, name))) ?? null;

/** Keeps a text; null or an empty one removes it. @returns whether it is kept: without storage it is not */
export function keep(actorId: string, name: string, text: string | null): boolean {
  return (
    attempt(() => {
      if (text) localStorage.setItem(keyOf(actorId, name), text);
      else localStorage.removeItem(keyOf(actorId, name));
      return true;
    }) ?? false
  );
}

/** Told when another tab changed what is kept under this name. */
export function onKept(actorId: string, name: string, listener: () => void): () => void {
  const hear = ({ key }: StorageEvent) => {
    if (key === null || key === keyOf(actorId, name)) listener();
  };
  addEventListener('storage', hear);
  return () => removeEventListener('storage', hear);
}

/** Removes everything of everybody: for signing out. */
export function forgetKept(): void {
  attempt(() => {
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
  });
}
