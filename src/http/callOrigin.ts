import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';
import { hashTokenAsText } from '../domain/identity/secrets.ts';
import type { CallOrigin } from '../routers/context.ts';

const sessionCookie = 'tessera_session';

export interface OriginRules {
  /** Origins of browsers that may act with a cookie or open a socket. */
  allowedOrigins: ReadonlySet<string>;
  trustProxy: boolean;
  /** Whether cookies carry the Secure attribute: whenever people reach the server by https. */
  secureCookies: boolean;
}

/** The client's address; behind a trusted proxy, the one that the proxy added last. */
export function clientAddress(request: IncomingMessage, trustProxy: boolean): string | null {
  const forwarded = trustProxy ? request.headers['x-forwarded-for'] : undefined;
  const last = String(forwarded ?? '')
    .split(',')
    .at(-1)
    ?.trim();
  return last || (request.socket.remoteAddress ?? null);
}

/** Whether a browser on this Origin may act here. A request without Origin does not come from another site's page. */
export function isAllowedOrigin(request: IncomingMessage, rules: OriginRules): boolean {
  const { origin } = request.headers;
  return origin === undefined || rules.allowedOrigins.has(origin);
}

/** The session cookie's hash; null when there is none, or when a page of another site sent the request. */
export function tokenHashFromCookie(request: IncomingMessage, rules: OriginRules): string | null {
  const { cookie, origin } = request.headers;
  if (!cookie) return null;
  const site = request.headers['sec-fetch-site'];
  const sameSite =
    origin === undefined
      ? site === undefined || site === 'same-origin' || site === 'none'
      : rules.allowedOrigins.has(origin);
  const token = sameSite ? parseCookie(cookie)[sessionCookie] : undefined;
  return token ? hashTokenAsText(token) : null;
}

function tokenHashFromHeader(request: IncomingMessage): string | null {
  const match = /^Bearer (\S{1,512})$/i.exec(request.headers.authorization ?? '');
  return match?.[1] ? hashTokenAsText(match[1]) : null;
}

/** Who sends this request, from where. A bearer token counts before a cookie. */
export function readCallOrigin(
  request: IncomingMessage,
  response: ServerResponse,
  rules: OriginRules,
): CallOrigin {
  const given = request.headers['x-request-id'];
  const isBrowser = request.headers.origin !== undefined && rules.allowedOrigins.has(request.headers.origin);
  return {
    tokenHash: tokenHashFromHeader(request) ?? tokenHashFromCookie(request, rules),
    requestId: typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID(),
    ipAddress: clientAddress(request, rules.trustProxy),
    userAgent: request.headers['user-agent']?.slice(0, 500) ?? null,
    ...(isBrowser
      ? {
          setSessionCookie: (token: string | null, expiresAt: Date) =>
            response.appendHeader(
              'set-cookie',
              stringifySetCookie({
                name: sessionCookie,
                value: token ?? '',
                httpOnly: true,
                sameSite: 'lax',
                secure: rules.secureCookies,
                path: '/',
                expires: token === null ? new Date(0) : expiresAt,
              }),
            ),
        }
      : {}),
  };
}
