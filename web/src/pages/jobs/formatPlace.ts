import { formatDuration } from '../../kit/formatDuration.ts';

/** The place of a part in a film or a recording, such as “, 0:30 to 1:00”; nothing when it has none. */
export function formatPlace({ startMs, endMs }: { startMs: number | null; endMs: number | null }): string {
  if (startMs === null || endMs === null) return '';
  return `, ${formatDuration(startMs / 1000)} to ${formatDuration(endMs / 1000)}`;
}
