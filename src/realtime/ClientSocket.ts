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

// One function each for all sockets: closures for every one of them take half a kilobyte.
function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  if (this instanceof ClientSocket) this.listener?.onMessage(data, isBinary);
}
function onPing(this: WebSocket, data: Buffer): void {
  if (this instanceof ClientSocket) this.listener?.onPing(data);
}
function onPong(this: WebSocket): void {
  if (this instanceof ClientSocket) this.listener?.onPong();
}
function onError(this: WebSocket, error: Error): void {
  if (this instanceof ClientSocket) this.listener?.onError(error);
}
function onClose(this: WebSocket): void {
  if (this instanceof ClientSocket) this.listener?.onClose();
}

/** A client's WebSocket, which tells one listener what it brings. */
export class ClientSocket extends WebSocket {
  listener: SocketListener | undefined;

  listen(listener: SocketListener): void {
    this.listener = listener;
    this.on('message', onMessage);
    this.on('ping', onPing);
    this.on('pong', onPong);
    this.on('error', onError);
    this.on('close', onClose);
  }
}
