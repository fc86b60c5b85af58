import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { type Lines, parseLines, writeLines } from './places.ts';

/** Milliseconds for which a selection rests before the address names it. */
const restMs = 250;

export interface Selection {
  lines: Lines | null;
  /** Where the keys are: the end of the selection that moves. */
  active: number;
  select: (line: number) => void;
  /** From where the selection began to this line. */
  extendTo: (line: number) => void;
  /** Moves the keys without selecting. */
  moveTo: (line: number) => void;
  clear: () => void;
}

/** Lines that are selected; the address names them, and whoever comes by it has them selected. */
export function useSelection(): Selection {
  const { hash } = useLocation();
  const navigate = useNavigate();
  const [seen, setSeen] = useState(hash);
  /** What the address was told and does not say yet: when it does, the selection may have gone on. */
  const [told, setTold] = useState<string>();
  const [lines, setLines] = useState(() => parseLines(hash));
  const [begin, setBegin] = useState(lines?.start ?? 1);
  const [active, setActive] = useState(lines?.start ?? 1);
  if (hash !== seen) {
    setSeen(hash);
    setTold(undefined);
    const named = parseLines(hash);
    if (hash !== told && writeLines(named) !== writeLines(lines)) {
      setLines(named);
      setBegin(named?.start ?? begin);
      setActive(named?.start ?? active);
    }
  }
  const written = writeLines(lines);
  useEffect(() => {
    if (written === hash) return undefined;
    const timer = setTimeout(() => {
      setTold(written);
      void navigate({ to: '.', search: true, hash: written, replace: true, resetScroll: false } as never);
    }, restMs);
    return () => clearTimeout(timer);
  }, [written, hash, navigate]);
  return {
    lines,
    active,
    select: (line) => {
      setBegin(line);
      setActive(line);
      setLines({ start: line, end: line });
    },
    extendTo: (line) => {
      setActive(line);
      setLines({ start: Math.min(begin, line), end: Math.max(begin, line) });
    },
    moveTo: (line) => {
      setActive(line);
      setBegin(line);
    },
    clear: () => setLines(null),
  };
}
