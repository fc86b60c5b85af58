import { fromDay, toDay } from '../../kit/days.ts';
import { formatDay } from '../../kit/Time.tsx';
import { type Milestone, type Status, statuses } from './statuses.tsx';

/** What the form of a milestone holds, under the names that the server gives to what is wrong. */
export type MilestoneValues = {
  title: string;
  description: string;
  startAt: string;
  endAt: string;
  status: Status;
};

export const valuesOf = ({ title, description, startAt, endAt, status }: Milestone): MilestoneValues => ({
  title,
  description,
  startAt: toDay(startAt),
  endAt: toDay(endAt),
  status,
});

/** An empty day is left to the server, which says that it is wanted. */
const toMoment = (day: string): Date => fromDay(day) ?? (null as never);

/** As the server takes it: only what is given. */
export const toInput = ({ startAt, endAt, ...rest }: Partial<MilestoneValues>) => ({
  ...rest,
  ...(startAt === undefined ? {} : { startAt: toMoment(startAt) }),
  ...(endAt === undefined ? {} : { endAt: toMoment(endAt) }),
});

const showDay = (day: string) => formatDay(fromDay(day)) ?? 'empty';
/** What each field is called, and how its value is told. */
export const milestoneFields = {
  title: { label: 'Title', show: (title: string) => `“${title}”` },
  description: { label: 'Description', show: (text: string) => (text === '' ? 'empty' : `“${text}”`) },
  startAt: { label: 'First day', show: showDay },
  endAt: { label: 'Last day', show: showDay },
  status: { label: 'Status', show: (status: Status) => statuses[status].word },
};
