import { Button, Notification } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { dismissToast, readToasts, watchToasts } from './toast.ts';

/** Where toasts appear. It is there from the start, so that what is put into it is read out. */
export function Toasts() {
  const toasts = useSyncExternalStore(watchToasts, readToasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map(({ id, message, kind, action }) => (
        <Notification
          key={id}
          role="none"
          color={kind === 'done' ? 'green' : 'red'}
          icon={
            kind === 'done' ? (
              <IconCheck size={18} aria-hidden />
            ) : (
              <IconAlertTriangle size={18} aria-hidden />
            )
          }
          withBorder
          closeButtonProps={{ 'aria-label': 'Dismiss' }}
          onClose={() => dismissToast(id)}
        >
          {message}
          {action && (
            <Button
              size="compact-sm"
              variant="default"
              ms="sm"
              onClick={() => {
                dismissToast(id);
                action.onAct();
              }}
            >
              {action.label}
            </Button>
          )}
        </Notification>
      ))}
    </div>
  );
}
