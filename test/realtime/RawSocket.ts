import { type ClientOptions, WebSocket } from 'ws';
import { FrameLog } from './FrameLog.ts';

/** A socket that says exactly what a test wants, and notes what comes back. */
export class RawSocket extends FrameLog {
  readonly ws: WebSocket;

  private constructor(ws: WebSocket) {
    super();
    this.ws = ws;
    ws.on('message', (data: Buffer) => {
      this.frames.push(data.toString());
      this.changed();
    });
    ws.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
      this.changed();
    });
    ws.on('error', () => {});
  }

  static async open(port: number, query = '', options: ClientOptions = {}): Promise<RawSocket> {
    const socket = new RawSocket(new WebSocket(`ws://127.0.0.1:${port}/trpc${query}`, options));
    await new Promise((resolve, reject) => socket.ws.once('open', resolve).once('error', reject));
    return socket;
  }

  /** Opens with a token as the stock client does. */
  static async signedIn(port: number, token: string, options: ClientOptions = {}): Promise<RawSocket> {
    const socket = await RawSocket.open(port, '?connectionParams=1', options);
    socket.send({ method: 'connectionParams', data: { token } });
    return socket;
  }

  override send(message: unknown): void {
    this.ws.send(typeof message === 'string' ? message : JSON.stringify(message));
  }
}
