import { Badge } from '@mantine/core';
import { formatCount } from './numbers.tsx';

/** A number of unread notifications; nothing when there are none. */
export const UnreadBadge = ({ count }: { count: number }) =>
  count > 0 ? (
    <Badge color="blue.8" miw="max-content" tt="none">
      {formatCount(count)} unread
    </Badge>
  ) : null;
