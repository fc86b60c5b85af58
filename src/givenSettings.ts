/**
 * Settings as they were written in the environment, kept beside the ones that were read from them: what was
 * read no longer tells whether it was given, nor in which words.
 */
const written = new WeakMap<object, Readonly<Record<string, string>>>();

/** Keeps of the environment what these settings were read from. */
export function keepGiven(
  settings: object,
  names: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): void {
  const given = names.flatMap((name) => (environment[name] ? [[name, environment[name]] as const] : []));
  written.set(settings, Object.fromEntries(given));
}

/** Name → text of those that were set; one that was set to nothing was not. */
export function givenSettings(settings: object): Readonly<Record<string, string>> {
  return written.get(settings) ?? {};
}
