/** What may stand in the fields of targets and file translations. */
import { z } from 'zod';
import { canonicalizeLanguage } from '../domain/translation/languageCode.ts';
import { normalizeDomain } from '../domain/translation/domainName.ts';
import { checkRefName } from '../drivers/git/checkRefName.ts';
import { freeText, line } from './freeText.ts';

/** A language tag by BCP 47, brought into its canonical form. */
export const languageCode = line(35).transform((tag, ctx) => {
  const canonical = canonicalizeLanguage(tag);
  if (canonical !== undefined && canonical.length <= 35) return canonical;
  ctx.addIssue('must be a language tag (BCP 47) such as es, pt-BR or zh-Hant');
  return z.NEVER;
});

/** A host name, brought into lower case. */
export const publishDomain = line(253).transform((text, ctx) => {
  const domain = normalizeDomain(text);
  if (domain !== undefined) return domain;
  ctx.addIssue('must be a host name such as docs-es.example.com');
  return z.NEVER;
});

function isBranchName(name: string): boolean {
  try {
    checkRefName(name);
    return name !== 'HEAD';
  } catch {
    return false;
  }
}

export const branchName = line(255).refine(
  isBranchName,
  'must be a name that git allows for a branch (see git check-ref-format)',
);

/** SHA-256 in hexadecimal, as `sourceFiles.list` gives it. */
export const contentHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal, in lower case');

export const errorMessage = freeText(4_000, 1);
