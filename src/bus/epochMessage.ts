import type { EpochName } from './Bus.ts';

/** The channel on which triggers of the database say that an epoch has moved, as `access 42` or `policy 7`. */
export const epochChannel = 'tessera_epochs';

/** Reads what was said on it; undefined for what is none of ours. */
export function readEpochMessage(text: string): { name: EpochName; epoch: number } | undefined {
  const match = /^(policy|access) (\d{1,15})$/.exec(text);
  return match ? { name: match[1] as EpochName, epoch: Number(match[2]) } : undefined;
}
