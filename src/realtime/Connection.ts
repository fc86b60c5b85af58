import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { TRPCError } from '@trpc/server';
import type { RawData, WebSocket } from 'ws';
import { hashToken } from '../domain/identity/secrets.ts';
import { TesseraError } from '../errors.ts';
import { Frames } from './Frames.ts';
import type { Gateway, SocketOrigin } from './Gateway.ts';
import { KeepAlive } from './KeepAlive.ts';
import { Outbox } from './Outbox.ts';
import { ServedSubscription } from './ServedSubscription.ts';
import { TokenBucket } from './TokenBucket.ts';
import { type SocketCall, callProcedure, readCall } from './callProcedure.ts';
import {
  type CallMessage,
  type ClientMessage,
  type CloseCode,
  type RequestId,
  clientMessage,
  closeCodes,
  connectionParams,
} from './protocol.ts';
import { shapeError } from './shapeError.ts';

/** Who is at the other end, as the upgrade request showed. */
export interface Peer extends Omit<SocketOrigin, 'requestId'> {
  /** Whether the first frame brings the credential. */
  sendsParams: boolean;
}

/** One socket: takes its messages, within the limits, and runs its calls and subscriptions. */
export class Connection {
  readonly #gateway: Gateway;
  readonly #ws: WebSocket;
  readonly #outbox: Outbox;
  readonly #bucket: TokenBucket;
  readonly #keepAlive: KeepAlive;
  readonly #peer: Peer;
  readonly #subscriptions = new Map<RequestId, ServedSubscription>();
  /** Ids of the queries and mutations under way. */
  readonly #calls = new Set<RequestId>();
  readonly #controller = new AbortController();
  /** Runs out when connectionParams do not come; undefined once they came. */
  #paramsTimer: NodeJS.Timeout | undefined;
  #refusals = 0;
  #isPaused = false;
  #isClosing = false;

  /** @param socket what the WebSocket runs on; whole frames are written to it. */
  constructor(
    gateway: Gateway,
    ws: WebSocket,
    socket: Duplex,
    peer: Peer,
    onClose: (connection: Connection) => void,
  ) {
    const { limits, log } = gateway;
    this.#gateway = gateway;
    this.#ws = ws;
    this.#peer = peer;
    this.#outbox = new Outbox(ws, socket, limits.queueBytes);
    this.#bucket = new TokenBucket(limits.burst, limits.rate);
    this.#keepAlive = new KeepAlive(ws, socket, limits);
    if (peer.sendsParams) {
      this.#paramsTimer = setTimeout(
        () => this.#refuseFrame('connectionParams did not come in time', closeCodes.paramsTimeout),
        limits.paramsMs,
      );
    }
    ws.on('message', (data, isBinary) => this.#receive(data, isBinary));
    ws.on('ping', () => this.#charge());
    ws.on('error', (error) => log.debug({ err: error, ipAddress: peer.ipAddress }, 'a socket failed'));
    ws.once('close', () => {
      this.#endAll();
      onClose(this);
    });
  }

  get subscriptions(): number {
    return this.#subscriptions.size;
  }

  /** Whether a query or mutation is under way. */
  get isBusy(): boolean {
    return this.#calls.size > 0;
  }

  /** Asks the client to open another socket and to resume there; this one serves on until the client leaves it. */
  askToReconnect(): void {
    this.#outbox.push(Frames.reconnect);
  }

  /** Sends what waits and closes; the socket is cut off when the client does not answer in time. */
  close(code: CloseCode, reason = ''): void {
    if (this.#isClosing) return;
    this.#endAll();
    this.#ws.close(code, reason);
  }

  /** Cuts the socket off. */
  terminate(): void {
    this.#ws.terminate();
  }

  #endAll(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    clearTimeout(this.#paramsTimer);
    this.#keepAlive.stop();
    this.#outbox.close();
    this.#controller.abort();
    for (const subscription of this.#subscriptions.values()) subscription.abandon();
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#isClosing) return;
    if (isBinary) return this.#refuseFrame('this protocol has no binary frames', closeCodes.unsupportedData);
    const text = (data as Buffer).toString();
    if (text === 'PONG') return;
    if (text === 'PING') {
      if (this.#charge() === 0) this.#outbox.push(Frames.pong);
      return;
    }
    this.#pauseWhileFull();
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      return this.#refuseFrame('the frame is not JSON');
    }
    if (this.#paramsTimer) return this.#takeParams(json);
    const messages: ClientMessage[] = [];
    for (const item of Array.isArray(json) ? json : [json]) {
      const read = clientMessage.safeParse(item);
      if (!read.success) return this.#refuseFrame('a message is none of the tRPC protocol');
      messages.push(read.data);
    }
    this.#take(messages);
  }

  #takeParams(json: unknown): void {
    const read = connectionParams.safeParse(json);
    if (!read.success) return this.#refuseFrame('the first frame must bring connectionParams');
    clearTimeout(this.#paramsTimer);
    this.#paramsTimer = undefined;
    const token = read.data.data?.['token'];
    if (token) this.#peer.tokenHash = hashToken(token);
  }

  #take(messages: ClientMessage[]): void {
    const calls = messages.filter(({ method }) => method === 'query' || method === 'mutation').length;
    const { batch } = this.#gateway.limits;
    for (const [index, message] of messages.entries()) {
      if (this.#isClosing) return;
      const seconds = this.#charge();
      if (message.method === 'subscription.stop') this.#subscriptions.get(message.id)?.stop();
      else if (seconds > 0)
        this.#answerError(message, new TesseraError('TOO_MANY_REQUESTS', { seconds: Math.ceil(seconds) }));
      else if (calls > batch && message.method !== 'subscription')
        this.#answerError(message, new TesseraError('BATCH_TOO_LARGE', { limit: batch }));
      else this.#begin(message, index);
    }
  }

  #begin(message: CallMessage, batchIndex: number): void {
    const { limits, createContext, router } = this.#gateway;
    const { id, method } = message;
    if (this.#subscriptions.has(id) || this.#calls.has(id)) {
      return this.#answerError(message, new TesseraError('REQUEST_ID_IN_USE', { id }));
    }
    if (method === 'subscription' && this.#subscriptions.size >= limits.subscriptions) {
      return this.#answerError(
        message,
        new TesseraError('TOO_MANY_SUBSCRIPTIONS', { limit: limits.subscriptions }),
      );
    }
    if (method !== 'subscription' && this.#calls.size >= limits.calls) {
      return this.#answerError(message, new TesseraError('TOO_MANY_REQUESTS', { seconds: 1 }));
    }
    const { tokenHash, ipAddress, userAgent } = this.#peer;
    let call: SocketCall;
    try {
      call = readCall(
        router,
        message,
        createContext({ tokenHash, ipAddress, userAgent, requestId: randomUUID() }),
        batchIndex,
      );
    } catch (error) {
      if (!(error instanceof TRPCError)) this.#gateway.log.error({ err: error }, 'a call could not be begun');
      return this.#answerError(message, error);
    }
    if (method === 'subscription') {
      const forget = () => this.#subscriptions.delete(id);
      this.#subscriptions.set(id, new ServedSubscription(this.#gateway, this.#outbox, id, call, forget));
    } else void this.#answer(id, call);
  }

  async #answer(id: RequestId, call: SocketCall): Promise<void> {
    const { frames } = this.#gateway;
    this.#calls.add(id);
    let frame: Buffer;
    try {
      const result = await callProcedure(this.#gateway.router, call, this.#controller.signal);
      if (typeof result === 'object' && result !== null && Symbol.asyncIterator in result) {
        throw new TRPCError({
          code: 'UNSUPPORTED_MEDIA_TYPE',
          message: `A ${call.type} cannot answer with a stream over WebSocket.`,
        });
      }
      frame = frames.data(id, result);
    } catch (error) {
      frame = frames.error(id, shapeError(this.#gateway.router, error, call));
    }
    this.#calls.delete(id);
    this.#outbox.push(frame);
  }

  #answerError({ id, method, params }: CallMessage, error: unknown): void {
    const shape = shapeError(this.#gateway.router, error, { type: method, path: params.path });
    this.#outbox.push(this.#gateway.frames.error(id, shape));
  }

  /** Counts a message. @returns 0, or the seconds to wait before the next one is taken. */
  #charge(): number {
    const seconds = this.#bucket.take();
    // One forgives one, so that who sends twice the rate or more is found out.
    this.#refusals = Math.max(0, this.#refusals + (seconds > 0 ? 1 : -1));
    if (this.#refusals > this.#gateway.limits.refusals) {
      this.#refuse(
        new TesseraError('TOO_MANY_REQUESTS', { seconds: Math.ceil(seconds) }),
        closeCodes.tooManyMessages,
      );
    }
    return seconds;
  }

  /** Who does not read the answers is not read either. */
  #pauseWhileFull(): void {
    if (this.#isPaused || !this.#outbox.isFull()) return;
    this.#isPaused = true;
    this.#ws.pause();
    void this.#resumeOnceDrained();
  }

  async #resumeOnceDrained(): Promise<void> {
    await this.#outbox.drained();
    this.#isPaused = false;
    this.#ws.resume();
  }

  /** Says what was wrong (the stock client then waits longer before it comes back), and closes. */
  #refuse(error: TesseraError, code: CloseCode): void {
    if (this.#isClosing) return;
    const { frames, router, log } = this.#gateway;
    log.debug({ err: error, ipAddress: this.#peer.ipAddress, code }, 'a socket is closed for what it sent');
    this.#outbox.push(frames.error(null, shapeError(router, error, { type: 'unknown' })));
    this.close(code, error.errorCode);
  }

  #refuseFrame(reason: string, code: CloseCode = closeCodes.notUnderstood): void {
    this.#refuse(new TesseraError('MALFORMED_REQUEST', { reason }), code);
  }
}
