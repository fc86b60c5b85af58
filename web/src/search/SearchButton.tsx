import { UnstyledButton } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { Suspense, lazy, useState } from 'react';

/** Loaded when it is first opened. */
const SearchDialog = lazy(() => import('./SearchDialog.tsx'));

/** Opens the search through everything, as Ctrl+K and Cmd+K do from anywhere. */
export function SearchButton() {
  const [isWanted, setWanted] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const open = () => {
    setWanted(true);
    setOpen(true);
  };
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
      {isWanted && (
        <Suspense fallback={null}>
          <SearchDialog isOpen={isOpen} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
