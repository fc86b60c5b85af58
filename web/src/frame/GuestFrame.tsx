import { Center, Paper } from '@mantine/core';
import { Outlet } from '@tanstack/react-router';

/** Around the pages that need no session. */
export const GuestFrame = () => (
  <Center component="main" id="main" mih="100dvh" p="md">
    <Paper withBorder p="xl" w="100%" maw={460}>
      <Outlet />
    </Paper>
  </Center>
);
