/** What may stand in the fields of people, organizations and their credentials. */
import { z } from 'zod';
import { isValidOrcid } from '../domain/identity/orcid.ts';
import { isReservedUsername, usernamePattern } from '../domain/identity/username.ts';
import { line } from './freeText.ts';

/** A display name of a person, an organization or a key. */
export const displayName = line(255);

export const username = z
  .string()
  .trim()
  .regex(usernamePattern, 'Use 1 to 39 letters and digits, with - and _ between them.')
  .refine((name) => !isReservedUsername(name), 'This name is reserved.')
  .toLowerCase();

export const email = z.string().trim().toLowerCase().max(254).pipe(z.email('This is not an e-mail address.'));

/** A password to be set. */
export const newPassword = z
  .string()
  .min(8, 'Use at least 8 characters.')
  .max(256, 'Use at most 256 characters.');

/** A password to be compared: what is too short is merely wrong. */
export const givenPassword = z.string().min(1).max(256);

/** The secret of a link in a mail. */
export const linkToken = z.string().min(1).max(100);

export const orcid = z
  .string()
  .trim()
  .refine(isValidOrcid, 'This is not an ORCID iD such as 0000-0002-1825-0097.');

export const searchText = line(100).min(2, 'Give at least 2 characters.');
