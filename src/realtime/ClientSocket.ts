import { type RawData, WebSocket } from 'ws';

/** Who hears of what a socket brings. */
export interface SocketListener {
  onMessage(data: RawData, isBinary: boolean): void;
  /** A ping came, which is not answered yet, or a pong. */
  onPing(data: Buffer): void;
  onPong(): void;
  onError(error: Error): void;
  onClose(): void;
}

/** A client's WebSocket, which tells one listener what it brings. */
export class ClientSocket extends WebSocket {
  listener: SocketListener | undefined;

  /** Events go straight to the listener: a table of functions for each of thousands of sockets is a quarter of a kilobyte. */
  override emit(event: string | symbol, ...values: unknown[]): boolean {
    const { listener } = this;
    if (!listener) return super.emit(event, ...values);
    if (event === 'message') listener.onMessage(values[0] as RawData, values[1] as boolean);
    else if (event === 'ping') listener.onPing(values[0] as Buffer);
    else if (event === 'pong') listener.onPong();
    else if (event === 'error') listener.onError(values[0] as Error);
    else if (event === 'close') listener.onClose();
    else return super.emit(event, ...values);
    return true;
  }
}
