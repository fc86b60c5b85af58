import { IconAlertTriangle, IconCheck, IconClock, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import type { Outputs } from 'tessera-client';
import { Sign } from '../../kit/Sign.tsx';

export type Job = Outputs['jobs']['list']['items'][number];
export type Status = Job['status'];

/** Each has a word and a sign of its own: colour only adds to them. */
export const statuses = {
  pending: { word: 'Waiting', color: 'gray', Icon: IconClock },
  queued: { word: 'Waiting', color: 'gray', Icon: IconClock },
  running: { word: 'Running', color: 'blue', Icon: IconPlayerPlay },
  completed: { word: 'Done', color: 'green', Icon: IconCheck },
  failed: { word: 'Failed', color: 'red', Icon: IconAlertTriangle },
  cancelled: { word: 'Cancelled', color: 'gray', Icon: IconPlayerStop },
} satisfies Record<Status, object>;

/** Whether nothing will move any more by itself. */
export const isOver = (status: Status) => ['completed', 'failed', 'cancelled'].includes(status);

/** How a job or a segment of one stands. */
export const JobStatus = ({ status }: { status: Status }) => <Sign {...statuses[status]} />;
