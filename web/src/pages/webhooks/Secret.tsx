import { ShownOnce } from '../../kit/ShownOnce.tsx';

/** The secret of a webhook that was just made. */
export const Secret = ({ value, onDone }: { value: string; onDone: () => void }) => (
  <ShownOnce
    title="The webhook’s secret"
    what="the secret"
    lead="With it the receiver checks what comes."
    value={value}
    onDone={onDone}
  />
);
