/** Milliseconds for the server to take part in closing. */
const closingMs = 1_000;
/** Milliseconds for a connection to come about. */
const openingMs = 30_000;

type SocketClass = typeof globalThis.WebSocket;

/**
 * A WebSocket that is over soon after it was told to close, and does not try to open for ever. Where a network has
 * stopped carrying anything, without a word, a browser waits minutes for either; so long nothing would be tried again.
 */
export function promptSocket(Platform: SocketClass): SocketClass {
  return class PromptSocket extends Platform {
    #isGivenUp = false;

    constructor(...args: ConstructorParameters<SocketClass>) {
      super(...args);
      const opening = setTimeout(() => this.close(), openingMs);
      this.addEventListener('open', () => clearTimeout(opening));
      this.addEventListener('close', (event) => {
        clearTimeout(opening);
        // It was told already.
        if (this.#isGivenUp) event.stopImmediatePropagation();
      });
    }

    override close(code?: number, reason?: string): void {
      if (this.readyState >= this.CLOSING) return;
      super.close(code, reason);
      const giveUp = setTimeout(() => {
        this.dispatchEvent(new Event('close'));
        this.#isGivenUp = true;
      }, closingMs);
      this.addEventListener('close', () => clearTimeout(giveUp));
    }
  };
}
