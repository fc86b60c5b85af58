/** The nonce with which this page may write style elements; empty on the development server, which sends no policy. */
export const nonce = () =>
  document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.getAttribute('content') ?? '';

/** Tells it to what writes style elements without being asked (react-remove-scroll, behind dialogs). */
export function setNonce(): void {
  (globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = nonce();
}
