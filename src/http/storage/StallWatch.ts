import type { Socket } from 'node:net';

/** What must move within the time. */
const leastBytes = 16 * 1024;
/** Looks within the time: when the process itself was held up for long, that counts as one of them. */
const looks = 4;

/** Cuts off a transfer that hardly moves: whoever sends or takes a byte now and then would keep it open for ever. */
export class StallWatch {
  readonly #timer: NodeJS.Timeout;
  #moved = 0;
  #idle = 0;

  constructor(socket: Socket, milliseconds: number) {
    this.#timer = setInterval(() => {
      this.#idle += 1;
      if (this.#moved >= leastBytes) {
        this.#moved = 0;
        this.#idle = 0;
      } else if (this.#idle >= looks) socket.destroy();
    }, milliseconds / looks);
  }

  count(bytes: number): void {
    this.#moved += bytes;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
