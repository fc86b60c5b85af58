import { ShownOnce } from '../../kit/ShownOnce.tsx';

/** A key that was just made. */
export const MadeKey = ({ value, onDone }: { value: string; onDone: () => void }) => (
  <ShownOnce title="Your new key" what="the key" value={value} onDone={onDone} />
);
