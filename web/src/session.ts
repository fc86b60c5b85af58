/** Where one goes when the session is over, and comes back from. */

/** Pages that need no session. */
export const guestPaths = ['/sign-in', '/register', '/forgotten', '/setup', '/verify', '/reset'];

/** A path of this console to go to after signing in; anything else, such as another site's address, is the front page. */
export function readNext(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/';
  const isOwn = next.startsWith('/') && URL.canParse(next, location.origin);
  if (!isOwn || new URL(next, location.origin).origin !== location.origin) return '/';
  return guestPaths.includes(new URL(next, location.origin).pathname) ? '/' : next;
}

/** Loads the sign-in page, which brings one back here. The page is loaded anew, so nothing of before is kept. */
export function goToSignIn(): void {
  const { pathname, search, hash } = location;
  if (guestPaths.includes(pathname)) return;
  location.assign(`/sign-in?next=${encodeURIComponent(pathname + search + hash)}`);
}
