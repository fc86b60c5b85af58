import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';

const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/**
 * A host name as the DNS has it (RFC 1123, 2.1; RFC 5891 for other scripts), in lower case and with at least
 * two labels: `Docs-ES.example.com` is `docs-es.example.com`.
 * @returns undefined for what is none, an IP address and an URL included.
 */
export function normalizeDomain(text: string): string | undefined {
  const name = domainToASCII(text);
  const labels = name.split('.');
  if (name.length > 253 || labels.length < 2 || isIP(name) !== 0) return undefined;
  return labels.every((part) => label.test(part)) && !/^\d+$/.test(labels.at(-1) ?? '') ? name : undefined;
}
