/**
 * What a username may look like, as the source of a regular expression: 1 to 39 letters and digits, with
 * `-` and `_` between them. Upper and lower case are the same name; it is kept in lower case.
 */
export const usernameSyntax = '[A-Za-z0-9](?:[A-Za-z0-9_-]{0,37}[A-Za-z0-9])?';

/** Matches a whole username. */
export const usernamePattern: RegExp = new RegExp(`^${usernameSyntax}$`);

/** Names that would pass for the system, for a role or for a page. */
const reservedList = `
  abuse account accounts actor actors admin administrator administrators admins ai all anonymous api app
  assets assistant auth billing bot channel contact deleted dev everyone explore favicon guest guests health
  healthz help here home hostmaster info institution institutions login logout mail mailer-daemon me media
  member members metrics moderator moderators new nobody none noreply no-reply notification notifications
  null oauth official operator organization organizations owner owners policies policy postmaster privacy
  profile project projects public readyz register registry robot robots root search security self server
  settings signin signup sso staff static status sudo superuser support sys sysadmin system team teams terms
  tessera test trpc undefined unknown user username users webhook webhooks webmaster well-known www you
`;
const reservedNames: ReadonlySet<string> = new Set(reservedList.trim().split(/\s+/));

/** Whether nobody may take this username. `_` and `-` and case do not make it another name. */
export function isReservedUsername(username: string): boolean {
  const name = username.toLowerCase();
  const spellings = [name, name.replaceAll('_', '-'), name.replaceAll(/[_-]/g, '')];
  return spellings.some((spelling) => reservedNames.has(spelling));
}
