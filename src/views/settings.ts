import { givenSettings } from '../givenSettings.ts';
import { type Settings, settingTable } from '../settings.ts';

/** A setting as administrators see it, on the node that answers. */
export interface SettingView {
  name: string;
  meaning: string;
  /** As one would write it; null: none, and `meaning` says what happens then. */
  default: string | null;
  /** Whether it was set. */
  isSet: boolean;
  /** Whether nobody is shown its value. */
  isSecret: boolean;
  /** As it was set, or the default; credentials in addresses are left out. null: secret, or neither. */
  value: string | null;
}

/** By name, so that a secret that is added is one without anybody's thinking of it. */
const secretName = /SECRET|TOKEN|PASSWORD|PASSPHRASE|PRIVATE|_KEY/;
const secretParameter = /([?&;][^=&;]*(?:password|secret|token|key|credential|signature)[^=&;]*=)[^&;]*/gi;

/**
 * Text with addresses in it, without what stands before the host: `…@host`. A password may hold every
 * character that is wrongly not escaped, so all up to the last @ of an address is left out.
 */
export function hideCredentials(text: string): string {
  return text
    .split(/,(?=\s*[a-z][a-z0-9+.-]*:\/\/)/i)
    .map((address) =>
      address.replace(/^(\s*[a-z][a-z0-9+.-]*:\/\/).*@/is, '$1…@').replaceAll(secretParameter, '$1…'),
    )
    .join(',');
}

/** Every setting, in the order of the table. */
export function viewSettings(settings: Settings): SettingView[] {
  const given = givenSettings(settings);
  return Object.entries(settingTable).map(([name, row]) => {
    const isSecret = secretName.test(name);
    const fallback = ('default' in row ? row.default : undefined) ?? null;
    const text = given[name] ?? fallback;
    return {
      name,
      meaning: row.meaning,
      default: fallback,
      isSet: name in given,
      isSecret,
      value: isSecret || text === null || text === '' ? null : hideCredentials(text),
    };
  });
}
