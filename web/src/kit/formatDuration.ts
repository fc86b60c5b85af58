const two = (value: number) => String(value).padStart(2, '0');

/** A length of a recording: 75 → “1:15”, 3_675 → “1:01:15”. @param seconds */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3_600);
  const minutes = Math.floor((whole % 3_600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
