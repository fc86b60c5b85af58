import type { Duplex } from 'node:stream';
import { TRPCError } from '@trpc/server';
import type { RawData } from 'ws';
import { hashTokenAsText } from '../domain/identity/secrets.ts';
import { TesseraError } from '../errors.ts';
import { Calls } from './Calls.ts';
import type { ClientSocket, SocketListener } from './ClientSocket.ts';
import { Frames, framePong } from './Frames.ts';
import type { Gateway, SocketOrigin } from './Gateway.ts';
import { type DeadReason, KeepAlive, type KeptAlive } from './KeepAlive.ts';
import { Outbox } from './Outbox.ts';
import { type Holder, ServedSubscription } from './ServedSubscription.ts';
import { TokenBucket } from './TokenBucket.ts';
import { Visitor, type VisitorEvents } from './Visitor.ts';
import { type SocketCall, callProcedure, readCall } from './callProcedure.ts';
import { makeRequestId } from './makeRequestId.ts';
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
export class Connection implements SocketListener, KeptAlive, VisitorEvents, Holder {
  readonly #gateway: Gateway;
  readonly #ws: ClientSocket;
  readonly #outbox: Outbox;
  readonly #bucket: TokenBucket;
  readonly #keepAlive: KeepAlive;
  /** SHA-256 in base64 of the credential that the upgrade or the first frame brought. */
  #tokenHash: string | null;
  readonly #userAgent: string | null;
  readonly ipAddress: string | null;
  readonly #onClosed: (connection: Connection) => void;
  /** Copied when one comes or goes: most have one or two, for which a map would take five times the memory. */
  #subscriptions: readonly ServedSubscription[] = [];
  /** Queries and mutations that wait or are under way. Most connections only watch. */
  #calls: Calls | undefined;
  /** Undefined while nobody has shown a credential. */
  #visitor: Visitor | undefined;
  /** Made for the first who wants to know when the connection closes. */
  #controller: AbortController | undefined;
  /** Runs out when connectionParams do not come; undefined once they came. */
  #paramsTimer: NodeJS.Timeout | undefined;
  #refusals = 0;
  #isPaused = false;
  #isClosing = false;

  /** @param socket what the WebSocket runs on; whole frames are written to it. */
  constructor(
    gateway: Gateway,
    ws: ClientSocket,
    socket: Duplex,
    peer: Peer,
    onClosed: (connection: Connection) => void,
  ) {
    const { limits } = gateway;
    this.#gateway = gateway;
    this.#ws = ws;
    this.#tokenHash = peer.tokenHash;
    this.#userAgent = peer.userAgent;
    this.ipAddress = peer.ipAddress;
    this.#onClosed = onClosed;
    this.#outbox = new Outbox(ws, socket, gateway.backlog);
    this.#bucket = new TokenBucket(limits);
    this.#keepAlive = new KeepAlive(ws, socket, gateway.rounds, this);
    if (peer.sendsParams) {
      this.#paramsTimer = setTimeout(
        // A process that was held up itself first reads what has come meanwhile.
        () => setImmediate(() => this.#missParams()),
        limits.paramsMs,
      );
    }
    ws.listener = this;
    if (!peer.sendsParams) this.#welcome();
  }

  get subscriptions(): number {
    return this.#subscriptions.length;
  }

  /** Whether a query or mutation waits or is under way. */
  get isBusy(): boolean {
    return this.#calls !== undefined && this.#calls.size > 0;
  }

  /** Asks the client to open another socket and to resume there; this one serves on until the client leaves it. */
  askToReconnect(reason: 'expiry' | 'stopping'): void {
    this.#gateway.count('reconnect', reason);
    this.#outbox.push(Frames.reconnect);
  }

  /** Sends what waits and closes; the socket is cut off when the client does not answer in time. */
  close(code: CloseCode, reason: string): void {
    if (this.#isClosing) return;
    this.#gateway.count('closed', reason);
    this.#endAll();
    this.#ws.close(code, reason);
  }

  /** Cuts the socket off. */
  terminate(): void {
    this.#ws.terminate();
  }

  giveUp(reason: DeadReason): void {
    this.#gateway.count('closed', reason);
    this.terminate();
  }

  onPing(data: Buffer): void {
    if (this.#isClosing) return;
    if (this.#charge() === 0) this.#outbox.push(framePong(data));
    this.#pauseWhileSated();
  }

  onPong(): void {
    if (!this.#isClosing) this.#charge();
  }

  onError(error: Error): void {
    this.#gateway.log.debug({ err: error, ipAddress: this.ipAddress }, 'a socket failed');
  }

  onClose(): void {
    this.#endAll();
    this.#onClosed(this);
  }

  onRefused(error: TesseraError): void {
    this.#refuse(error, closeCodes.tooManyConnections);
  }

  onExpiring(): void {
    this.askToReconnect('expiry');
  }

  forget(ended: ServedSubscription): void {
    this.#subscriptions = this.#subscriptions.filter((subscription) => subscription !== ended);
  }

  #subscription(id: RequestId): ServedSubscription | undefined {
    return this.#subscriptions.find((subscription) => subscription.id === id);
  }

  /** Looks who is there, if a credential says. */
  #welcome(): void {
    if (this.#tokenHash) this.#visitor = new Visitor(this.#gateway, this.#tokenHash, this);
  }

  /** Aborted when the connection closes. */
  get #signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#isClosing) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  #endAll(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    clearTimeout(this.#paramsTimer);
    this.#keepAlive.stop();
    this.#visitor?.leave();
    this.#outbox.close();
    this.#controller?.abort();
    for (const subscription of this.#subscriptions) subscription.abandon();
  }

  onMessage(data: RawData, isBinary: boolean): void {
    if (this.#isClosing) return;
    if (isBinary) return this.#refuseFrame('this protocol has no binary frames', closeCodes.unsupportedData);
    const text = (data as Buffer).toString();
    if (text === 'PONG') this.#charge();
    else if (text === 'PING') {
      if (this.#charge() === 0) this.#outbox.push(Frames.pong);
    } else this.#read(text, (data as Buffer).length);
    this.#pauseWhileSated();
  }

  #read(text: string, bytes: number): void {
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
    this.#take(messages, bytes);
  }

  #missParams(): void {
    if (!this.#paramsTimer) return;
    this.#refuseFrame('connectionParams did not come in time', closeCodes.paramsTimeout);
  }

  #takeParams(json: unknown): void {
    const read = connectionParams.safeParse(json);
    if (!read.success) return this.#refuseFrame('the first frame must bring connectionParams');
    clearTimeout(this.#paramsTimer);
    this.#paramsTimer = undefined;
    const token = read.data.data?.['token'];
    if (token) this.#tokenHash = hashTokenAsText(token);
    this.#welcome();
  }

  #take(messages: ClientMessage[], bytes: number): void {
    const calls = messages.filter(({ method }) => method === 'query' || method === 'mutation').length;
    const { batch } = this.#gateway.limits;
    // Nothing to do costs something too.
    if (messages.length === 0) this.#charge();
    for (const [index, message] of messages.entries()) {
      if (this.#isClosing) return;
      const seconds = this.#charge();
      if (message.method === 'subscription.stop') this.#subscription(message.id)?.stop();
      else if (seconds > 0) this.#refuseMessage(message, seconds);
      else if (calls > batch && message.method !== 'subscription')
        this.#refuseCall(message, 'batch', new TesseraError('BATCH_TOO_LARGE', { limit: batch }));
      else this.#begin(message, index, bytes / Math.max(1, calls));
    }
  }

  /** @param bytes the call's share of the message that it came in. */
  #begin(message: CallMessage, batchIndex: number, bytes: number): void {
    const { limits } = this.#gateway;
    const { id, method } = message;
    if (this.#subscription(id) || this.#calls?.has(id)) {
      return this.#answerError(message, new TesseraError('REQUEST_ID_IN_USE', { id }));
    }
    if (method === 'subscription' && this.#subscriptions.length >= limits.subscriptions) {
      const limit = limits.subscriptions;
      return this.#refuseCall(
        message,
        'subscriptions',
        new TesseraError('TOO_MANY_SUBSCRIPTIONS', { limit }),
      );
    }
    if (method !== 'subscription' && (this.#calls?.size ?? 0) >= limits.calls) {
      return this.#refuseCall(message, 'calls', new TesseraError('TOO_MANY_REQUESTS', { seconds: 1 }));
    }
    let call: SocketCall;
    try {
      call = readCall(this.#gateway, message, this.#makeOrigin(), batchIndex);
    } catch (error) {
      if (!(error instanceof TRPCError)) this.#gateway.log.error({ err: error }, 'a call could not be begun');
      return this.#answerError(message, error);
    }
    if (method === 'subscription') {
      const subscription = new ServedSubscription(this.#gateway, this.#outbox, id, call, this);
      this.#subscriptions = this.#subscriptions.concat(subscription);
    } else void this.#runInTurn(id, call, bytes);
  }

  #makeOrigin(): SocketOrigin {
    const makeSignal = () => this.#signal;
    return {
      tokenHash: this.#tokenHash,
      ipAddress: this.ipAddress,
      userAgent: this.#userAgent,
      requestId: makeRequestId(),
      get closed() {
        return makeSignal();
      },
    };
  }

  /** Runs a query or mutation when its turn has come, and its answer will be read. */
  async #runInTurn(id: RequestId, call: SocketCall, bytes: number): Promise<void> {
    this.#calls ??= new Calls(this.#gateway.limits.callsAtOnce);
    await this.#calls.run(id, bytes, async () => {
      if (this.#outbox.isFull()) await this.#outbox.drained();
      // What was not begun when the socket closed is not done: its client will not hear of it.
      if (!this.#isClosing) this.#outbox.push(await this.#answer(id, call));
    });
  }

  /** The frame that answers a query or mutation; never fails. */
  async #answer(id: RequestId, call: SocketCall): Promise<Buffer> {
    const { frames } = this.#gateway;
    try {
      const result = await callProcedure(this.#gateway.router, call, this.#signal);
      if (typeof result === 'object' && result !== null && Symbol.asyncIterator in result) {
        throw new TRPCError({
          code: 'UNSUPPORTED_MEDIA_TYPE',
          message: `A ${call.type} cannot answer with a stream over WebSocket.`,
        });
      }
      return frames.data(id, result);
    } catch (error) {
      return frames.error(id, shapeError(this.#gateway.router, error, call));
    }
  }

  #refuseMessage(message: CallMessage, seconds: number): void {
    this.#refuseCall(message, 'rate', new TesseraError('TOO_MANY_REQUESTS', { seconds: Math.ceil(seconds) }));
  }

  #refuseCall(message: CallMessage, reason: string, error: TesseraError): void {
    this.#gateway.count('refused', reason);
    this.#answerError(message, error);
  }

  #answerError({ id, method, params }: CallMessage, error: unknown): void {
    const shape = shapeError(this.#gateway.router, error, { type: method, path: params.path });
    this.#outbox.push(this.#gateway.frames.error(id, shape));
  }

  /** Counts a message. @returns 0, or the seconds to wait before the next one is taken. */
  #charge(): number {
    const seconds = this.#bucket.take() || (this.#visitor?.charge() ?? 0);
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

  /** Whether nothing more should be read: the answers are not, or there is enough to do. */
  #isSated(): boolean {
    const { callsAtOnce, frameBytes } = this.#gateway.limits;
    if (this.#outbox.isFull()) return true;
    return (
      this.#calls !== undefined && (this.#calls.size > 2 * callsAtOnce || this.#calls.bytes > frameBytes)
    );
  }

  /** Who does not read the answers is not read either. */
  #pauseWhileSated(): void {
    if (this.#isPaused || this.#isClosing || !this.#isSated()) return;
    this.#isPaused = true;
    this.#ws.pause();
    void this.#resumeWhenHungry();
  }

  async #resumeWhenHungry(): Promise<void> {
    while (!this.#isClosing && this.#isSated()) {
      if (this.#outbox.isFull()) await this.#outbox.drained();
      else await this.#calls?.nextEnd();
    }
    this.#isPaused = false;
    this.#ws.resume();
  }

  /** Says what was wrong (the stock client then waits longer before it comes back), and closes. */
  #refuse(error: TesseraError, code: CloseCode): void {
    if (this.#isClosing) return;
    const { frames, router, log } = this.#gateway;
    log.debug({ err: error, ipAddress: this.ipAddress, code }, 'a socket is closed for what it sent');
    this.#outbox.push(frames.error(null, shapeError(router, error, { type: 'unknown' })));
    this.close(code, error.errorCode);
  }

  #refuseFrame(reason: string, code: CloseCode = closeCodes.notUnderstood): void {
    this.#refuse(new TesseraError('MALFORMED_REQUEST', { reason }), code);
  }
}
