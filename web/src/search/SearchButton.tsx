import { UnstyledButton } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { Suspense, useState } from 'react';
import { Dialog } from '../kit/Dialog.tsx';
import { later } from '../kit/later.ts';

const SearchEverything = later(() => import('./SearchEverything.tsx'), 'SearchEverything');

/** Opens the search through everything, as Ctrl+K and Cmd+K do from anywhere. */
export function SearchButton() {
  const [isOpen, setOpen] = useState(false);
  const open = () => setOpen(true);
  const close = () => setOpen(false);
  // In fields too: there the keys mean nothing else.
  useHotkeys([['mod+K', open]], []);
  return (
    <>
      <UnstyledButton
        className="search-button"
        aria-keyshortcuts="Control+K Meta+K"
        aria-haspopup="dialog"
        onClick={open}
      >
        <IconSearch size={18} aria-hidden />
        <span className="search-words">
          Search <kbd aria-hidden>Ctrl K</kbd>
        </span>
      </UnstyledButton>
      <Dialog title="Search" isOpen={isOpen} onClose={close} size="lg">
        <Suspense>
          <SearchEverything onDone={close} />
        </Suspense>
      </Dialog>
    </>
  );
}
