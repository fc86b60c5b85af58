import { IconAlertTriangle, IconCheck, IconEye, IconUpload } from '@tabler/icons-react';
import type { Outputs } from 'tessera-client';
import { Sign } from '../../kit/Sign.tsx';

export type Media = Outputs['media']['list']['items'][number];

/** Each has a word and a sign of its own: colour only adds to them. */
export const statuses = {
  uploading: { word: 'Uploading', color: 'blue', Icon: IconUpload },
  probing: { word: 'Being looked at', color: 'blue', Icon: IconEye },
  ready: { word: 'Ready', color: 'green', Icon: IconCheck },
  failed: { word: 'Failed', color: 'red', Icon: IconAlertTriangle },
} satisfies Record<Media['status'], object>;

/** What kinds of file there are, in words. */
export const kinds: Record<Media['mediaType'], string> = {
  video: 'Video',
  audio: 'Sound',
  subtitle: 'Subtitles',
};

/** How a media file stands. */
export const MediaStatus = ({ status }: { status: Media['status'] }) => <Sign {...statuses[status]} />;
