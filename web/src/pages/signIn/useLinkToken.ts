import { useState } from 'react';

/**
 * The secret of the link that led here. It stands in the fragment, which no log sees, and leaves the address bar and
 * the history at once; undefined when the link is incomplete.
 */
export function useLinkToken(): string | undefined {
  const [token] = useState(() => {
    const found = location.hash.slice(1);
    if (found) history.replaceState(history.state, '', location.pathname);
    return found || undefined;
  });
  return token;
}
