import { type ReactNode, Suspense, useState } from 'react';
import { later } from './later.ts';

/** What keeps the focus within it is large. */
const DialogBox = later(() => import('./DialogBox.tsx'), 'DialogBox');

export interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  size?: 'md' | 'lg';
  /** Made anew whenever it is opened. */
  children: ReactNode;
}

/** Something over the page that wants an answer first: it keeps the focus, and gives it back when it closes. */
export function Dialog(props: DialogProps) {
  const [wasOpen, setWasOpen] = useState(false);
  if (props.isOpen && !wasOpen) setWasOpen(true);
  return (
    wasOpen && (
      <Suspense>
        <DialogBox {...props} />
      </Suspense>
    )
  );
}
