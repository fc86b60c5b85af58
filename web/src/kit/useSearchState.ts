import { useNavigate, useSearch } from '@tanstack/react-router';

/**
 * What the page's address says after the `?`, as texts, and how to change it: a filter that is kept there survives a
 * reload and can be sent to others. Empty and undefined values are taken out.
 */
export function useSearchState(): [
  Readonly<Record<string, string | undefined>>,
  (changes: Record<string, string | undefined>) => void,
] {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  // The router reads what looks like a number or a list as one.
  const texts = Object.fromEntries(
    Object.entries(search).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
  const change = (changes: Record<string, string | undefined>) => {
    const next = Object.entries({ ...texts, ...changes }).filter(([, value]) => value);
    void navigate({ to: '.', search: Object.fromEntries(next) as never, replace: true, resetScroll: false });
  };
  return [texts, change];
}
