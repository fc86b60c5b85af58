import type { Visits } from './Visit.ts';

/** Pages of nobody yet. */
export const guestPages: Visits = {
  '/sign-in': { picture: 'sign-in', shows: 'Sign in' },
  '/register': { picture: 'register', shows: 'Make an account' },
  '/forgotten': { picture: 'forgotten', shows: 'Send me a link' },
  '/setup': { picture: 'setup', shows: 'Make the account', rest: () => '#tsm_link' },
  '/verify': { picture: 'verify', shows: 'Confirm', rest: () => '#tsv_link' },
  '/reset': { picture: 'reset', shows: 'Set the password', rest: () => '#tsr_link' },
};

/** Pages of one’s own. */
export const ownPages: Visits = {
  '/projects': { picture: 'projects', shows: 'Archive of floods' },
  '/projects/new': { picture: 'new-project', shows: 'Make the project' },
  '/inbox': { picture: 'inbox', shows: 'Bob mentioned you' },
  '/inbox/preferences': { picture: 'preferences', shows: 'A task of yours is due' },
  '/credits': [
    { picture: 'credits', shows: 'Given: A welcome' },
    {
      picture: 'purchases',
      shows: 'Paid',
      act: (page) => page.getByRole('tab', { name: 'Purchases' }).click(),
    },
  ],
  '/account/sessions': { picture: 'sessions', shows: 'This one' },
  '/account/keys': { picture: 'api-keys', shows: 'Nightly build' },
};
