import type { EntityManager } from '@mikro-orm/postgresql';
import { Actor } from '../../entities/identity/Actor.ts';
import { DigestSetting } from '../../entities/notifications/DigestSetting.ts';
import { TesseraError, fail } from '../../errors.ts';
import type { DigestSettingView, DigestView } from '../../views/digests.ts';

const known = 'select exists (select from pg_timezone_names where name = ?) as "isKnown"';

/** The name as the IANA database spells it; the database must know it too, for it reckons with it. */
async function checkZone(em: EntityManager, name: string): Promise<string> {
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    const rows: { isKnown: boolean }[] = await em.execute(known, [timeZone]);
    if (rows[0]?.isKnown) return timeZone;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new TesseraError(
    'BAD_INPUT',
    {},
    { fields: { timeZone: 'It must be the name of a time zone, such as Europe/Berlin.' } },
  );
}

/**
 * Says how often a person is mailed what they have not read; what is left out stays.
 * @throws BAD_INPUT for a time zone that nobody knows, NOT_FOUND when the person is gone
 */
export async function setDigest(
  em: EntityManager,
  actorId: string,
  changes: { [K in keyof DigestSettingView]?: DigestSettingView[K] | undefined },
): Promise<DigestView> {
  const actor =
    (await em.findOne(Actor, { id: actorId, actorType: 'person' })) ?? fail('NOT_FOUND', { thing: 'person' });
  // Two who set it for the first time at once would both insert.
  await em.execute(
    'insert into digest_settings (actor_id) values (?) on conflict do nothing',
    [actorId],
    'run',
  );
  const setting = await em.findOneOrFail(DigestSetting, { actorId });
  if (changes.frequency !== undefined) setting.frequency = changes.frequency;
  if (changes.hour !== undefined) setting.hour = changes.hour;
  if (changes.timeZone !== undefined) setting.timeZone = await checkZone(em, changes.timeZone);
  return {
    frequency: setting.frequency,
    hour: setting.hour,
    timeZone: setting.timeZone,
    isVerified: actor.isVerified,
  };
}
