import { isIP } from 'node:net';
import { createAddressGuard } from '../../drivers/addressGuard.ts';
import { findUrlFault } from '../../drivers/outbound/findUrlFault.ts';
import { TesseraError } from '../../errors.ts';
import type { Settings } from '../../settings.ts';

/** Names that never leave the machine or its network (RFC 6761, RFC 6762, RFC 8375, and what clouds use). */
const inside = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa|localdomain)$/;

type Rules = Pick<Settings, 'WEBHOOK_TARGETS' | 'WEBHOOK_HTTP'>;

/**
 * What is wrong with an address that the server is to send to: it must be https, lead out to the public or to
 * what the operator allows, and hold no credentials. What a name resolves to, and with it whether http is
 * allowed, is seen only when something is sent, and guarded then.
 * @returns undefined when nothing is.
 */
function findTargetFault(text: string, rules: Rules): string | undefined {
  const url = URL.parse(text);
  if (!url) return 'must be an address such as https://example.org/hooks';
  const fault = findUrlFault(url);
  if (fault) return fault;
  if (url.protocol === 'http:' && !rules.WEBHOOK_HTTP) return 'must begin with https://';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const guard = createAddressGuard({ allowedHosts: rules.WEBHOOK_TARGETS });
  const isInside = isIP(host) === 0 && (!host.includes('.') || inside.test(host));
  // A name of this network may well lead to what the operator allows.
  const isFine = isIP(host) === 0 ? !isInside || rules.WEBHOOK_TARGETS.length > 0 : guard.permits(host);
  if (!isFine) return 'must not lead to a private or local address';
  const isHttp = url.protocol === 'http:';
  return isHttp && isIP(host) !== 0 && !guard.lists(host) ? 'must begin with https://' : undefined;
}

/** @throws BAD_INPUT naming the field `url`, when nothing may be sent to this address. */
export function checkTarget(url: string | undefined, rules: Rules): void {
  const fault = url === undefined ? undefined : findTargetFault(url, rules);
  if (fault) throw new TesseraError('BAD_INPUT', {}, { fields: { url: fault } });
}
