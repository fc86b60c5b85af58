import { z } from 'zod';

/** How a person is mailed what they have not read. */
export const digestSetting = z.object({
  frequency: z.enum(['immediately', 'hourly', 'daily', 'never']),
  /** Of a daily mail: 0 to 23, in the time zone. */
  hour: z.number().int().min(0).max(23),
  /** IANA name, such as Europe/Berlin. */
  timeZone: z.string(),
});
export type DigestSettingView = z.infer<typeof digestSetting>;

/** Where nothing was chosen. */
export const defaultDigest: DigestSettingView = { frequency: 'daily', hour: 8, timeZone: 'UTC' };

/** The setting, and whether mails get through: nothing is mailed to an address that was not confirmed. */
export interface DigestView extends DigestSettingView {
  isVerified: boolean;
}
