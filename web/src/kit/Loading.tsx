import { Center, Loader } from '@mantine/core';

/** Stands where something is on its way. @param what as in “the members” */
export function Loading({ what = 'the page' }: { what?: string }) {
  return (
    <Center p="xl" role="status" aria-label={`Loading ${what}`}>
      <Loader />
    </Center>
  );
}
