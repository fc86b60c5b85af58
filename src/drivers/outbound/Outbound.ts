import { Client, buildConnector } from 'undici';
import { isIP } from 'node:net';
import { type AddressGuard, createAddressGuard } from '../addressGuard.ts';
import { explainFailure } from './explainFailure.ts';
import { findUrlFault } from './findUrlFault.ts';
import { openResolver } from './openResolver.ts';
import { readExcerpt } from './readExcerpt.ts';

export interface OutboundOptions {
  /** CIDR subnets of private ranges that may be sent to. */
  allowedSubnets: readonly string[];
  /** Whether these may be sent to over `http://`. */
  allowHttp: boolean;
  /** Milliseconds from the look-up of the name to the head of the answer, at most. */
  timeoutMs: number;
  /** Finds the addresses of a name; default: DNS. */
  lookup?: (name: string) => Promise<string[]>;
}

/** What came of a request: an answer, or why there is none, in words for who owns the address. */
export type Answer =
  | { status: number; retryAfter: string | null; excerpt: string; durationMs: number }
  | { error: string; durationMs: number };

/** A request that is refused before anything is sent. */
class Refusal extends Error {}

/** Of the public, only ports on which people run web servers: others are of mail, printers and the like. */
function isWebPort(port: number): boolean {
  return port === 443 || port >= 1024;
}

/**
 * Sends to addresses that users give (server-side request forgery, CWE-918). A name is looked up once, all of
 * its addresses are judged, and the connection goes to these and is judged again when it stands. Redirects are
 * not followed, answers not unpacked and read only at their beginning; no cookies, and no proxy of the environment.
 */
export class Outbound {
  readonly #options: OutboundOptions;
  readonly #guard: AddressGuard;

  constructor(options: OutboundOptions) {
    this.#options = options;
    const { allowedSubnets, lookup = openResolver() } = options;
    this.#guard = createAddressGuard({ allowedHosts: allowedSubnets, lookup });
  }

  /** Sends a POST. Never throws; an answer of any status is an answer. @param signal gives it up. */
  async post(
    address: string,
    message: { headers: Readonly<Record<string, string>>; body: Uint8Array },
    signal: AbortSignal,
  ): Promise<Answer> {
    const began = performance.now();
    const spent = () => Math.round(performance.now() - began);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(this.#options.timeoutMs)]);
    try {
      const url = new URL(address);
      const addresses = await this.#resolve(url, limit);
      const answer = await this.#send(url, addresses, message, limit);
      return { ...answer, durationMs: spent() };
    } catch (error) {
      return {
        error: error instanceof Refusal ? error.message : explainFailure(error),
        durationMs: spent(),
      };
    }
  }

  /** The addresses that a request may go to. @throws Refusal; what the look-up does */
  async #resolve(url: URL, signal: AbortSignal): Promise<string[]> {
    const fault = findUrlFault(url);
    if (fault) throw new Refusal(`its address ${fault}`);
    const found = await orAbort(this.#guard.resolve(url.hostname), signal);
    if ('refused' in found) throw new Refusal(found.refused);
    const isListed = found.addresses.every((one) => this.#guard.lists(one));
    if (url.protocol === 'http:' && !(isListed && this.#options.allowHttp))
      throw new Refusal('its address must begin with https://');
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
    if (!isListed && !isWebPort(port)) throw new Refusal('its port must be 443, or 1024 and above');
    return found.addresses;
  }

  async #send(
    url: URL,
    addresses: readonly string[],
    { headers, body }: { headers: Readonly<Record<string, string>>; body: Uint8Array },
    signal: AbortSignal,
  ): Promise<{ status: number; retryAfter: string | null; excerpt: string }> {
    const client = new Client(url.origin, {
      connect: this.#pin(addresses),
      headersTimeout: this.#options.timeoutMs,
      maxHeaderSize: 16_384,
      pipelining: 1,
      allowH2: false,
    });
    try {
      const answer = await client.request({
        method: 'POST',
        path: url.pathname + url.search,
        headers: { 'accept-encoding': 'identity', ...headers },
        body,
        signal,
      });
      const { 'retry-after': retryAfter, 'content-encoding': encoding } = answer.headers;
      return {
        status: answer.statusCode,
        retryAfter: typeof retryAfter === 'string' ? retryAfter : null,
        excerpt: await readExcerpt(answer.body, encoding?.toString()),
      };
    } finally {
      await client.destroy();
    }
  }

  /** Connects to the addresses that were judged: asked again, the DNS might answer differently (rebinding). */
  #pin(addresses: readonly string[]): buildConnector.connector {
    const found = addresses.map((address) => ({ address, family: isIP(address) }));
    const connect = buildConnector({
      timeout: this.#options.timeoutMs,
      autoSelectFamily: true,
      lookup: (_host, { all }, give) => {
        const [first] = found;
        if (all) give(null, found);
        else give(null, first?.address ?? '', first?.family);
      },
    });
    return (options, give) => {
      connect(options, (error, socket) => {
        if (error) return give(error, null);
        const { remoteAddress } = socket;
        if (remoteAddress !== undefined && this.#guard.permits(remoteAddress)) return give(null, socket);
        socket.destroy();
        return give(new Refusal('its host is at an address that is not public'), null);
      });
    };
  }
}

/** The result of work that cannot be broken off, unless the signal comes first. */
async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const over = new AbortController();
  try {
    return await new Promise<T>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: over.signal });
      work.then(resolve, reject);
    });
  } finally {
    over.abort();
  }
}
