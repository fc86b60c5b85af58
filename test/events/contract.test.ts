/** Every event, applied to what was shown before it, gives what is shown after it. */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type InboxState,
  type ListItems,
  type ListName,
  type ProjectState,
  type ThreadsState,
  type Watched,
  applyToInbox,
  applyToList,
  applyToProject,
  applyToThreads,
} from '../../client/src/index.ts';
import { toPgConfig } from '../../src/database/openDatabase.ts';
import { createGitWorld } from '../drivers/makeRepository.ts';
import { collectFrames } from '../support/collectFrames.ts';
import { startServer } from '../support/server.ts';
import { areas } from './contract/areas.ts';
import {
  type Place,
  type ProjectEvent,
  type Setting,
  details,
  readers,
  watchEverything,
} from './contract/place.ts';

let setting: Setting;

beforeAll(async () => {
  const git = await createGitWorld();
  const server = await startServer({ settings: { REPOSITORY_PATHS: git.allowed } });
  setting = { git, server, ada: await server.person('Ada'), bob: await server.person('Bob') };
});
afterAll(async () => {
  await setting.server.close();
  await setting.git[Symbol.asyncDispose]();
});

async function openPlace(): Promise<Place> {
  const { ada, bob, server } = setting;
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Contract' });
  await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'editor' });
  const holding: Place['holding'] = async (table, act) => {
    const client = new pg.Client(toPgConfig(server.database.connection));
    await client.connect();
    try {
      await client.query(`begin; lock table ${table}`);
      await act();
    } finally {
      await client.end();
    }
  };
  return { ...setting, projectId, api: ada.client, ids: {}, holding };
}

async function headOf({ server }: Setting, stream: string): Promise<number> {
  const { rows } = await server.tessera.services.reads.query<{ seq: string }>(
    'select seq from streams where stream = $1',
    [stream],
  );
  return Number(rows[0]?.seq ?? 0);
}

const byText = <T>(items: readonly T[]): T[] =>
  items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

async function firstOf<T>(subscribe: Parameters<typeof collectFrames<T>>[0]): Promise<T> {
  const frames = collectFrames<T>(subscribe);
  const first = await frames.until(() => true);
  frames.stop();
  return first;
}

/** What a front end shows. */
interface Shown {
  project: ProjectState;
  threads: ThreadsState;
  lists: Partial<Record<ListName, readonly object[]>>;
  details: Partial<Record<ListName, readonly object[]>>;
}

async function readShown(place: Place, names: ListName[]): Promise<Shown> {
  const { api, projectId } = place;
  const [project, threads, ...lists] = await Promise.all([
    api.projects.get.query({ projectId }),
    firstOf<Watched<'threads'>>((on) => api.threads.watch.subscribe({ projectId }, on)),
    ...names.map((name) => readers[name](place)),
  ]);
  const shown: Shown = { project, threads: applyToThreads(undefined, threads), lists: {}, details: {} };
  for (const [index, name] of names.entries()) {
    shown.lists[name] = byText((lists[index] ?? []) as readonly object[]);
    const detail = await details[name]?.(place);
    if (detail) shown.details[name] = byText(detail);
  }
  return shown;
}

function apply(shown: Shown, event: ProjectEvent): Shown {
  const after = {
    project: applyToProject(shown.project, event),
    threads: applyToThreads(shown.threads, event as Watched<'threads'>),
    lists: { ...shown.lists },
    details: { ...shown.details },
  };
  for (const part of [after.lists, after.details])
    for (const name of Object.keys(part) as ListName[])
      part[name] = applyToList(name, (part[name] ?? []) as never, event);
  return after;
}

/** Reads as a front end does what events do not bring: the comments of a thread that came back. */
async function loadComments({ api, projectId }: Place, state: ThreadsState): Promise<ThreadsState> {
  const threads = await Promise.all(
    state.threads.map(async (shown) => {
      if (!shown.hasEarlierComments) return shown;
      const { items } = await api.comments.list.query({ projectId, threadId: shown.thread.id });
      return { ...shown, comments: items, hasEarlierComments: false };
    }),
  );
  return { ...state, threads };
}

test.each(areas)('$name: what was shown, with the events, is what is shown', async (area) => {
  const place = await openPlace();
  await area.prepare?.(place);
  const watching = watchEverything(place);
  await watching.until(({ type }) => type === 'snapshot');
  let head = await headOf(setting, `project:${place.projectId}`);
  let before = await readShown(place, area.lists);
  for (const { causes, act } of area.steps) {
    await act(place);
    let after = before;
    const from = head;
    // What is read belongs to the events up to here if the log did not move meanwhile.
    for (let read = -1; read !== head;) {
      read = await headOf(setting, `project:${place.projectId}`);
      after = await readShown(place, area.lists);
      head = await headOf(setting, `project:${place.projectId}`);
    }
    await watching.until(({ seq }) => seq >= head);
    const events = watching.received.filter(({ seq }) => seq > from && seq <= head);
    const types = events.map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(causes));
    const made = events.reduce(apply, before);
    expect(made.project, types.join()).toEqual(after.project);
    expect(await loadComments(place, made.threads), types.join()).toEqual(after.threads);
    for (const name of area.lists) {
      expect(byText(made.lists[name] ?? []), `${name} after ${types.join()}`).toEqual(after.lists[name]);
      const detail = (made.details[name] ?? []) as { id: string }[];
      expect(after.details[name] ?? []).toHaveLength(detail.length);
      for (const item of detail)
        expect((after.details[name] as { id: string }[]).find(({ id }) => id === item.id)).toMatchObject(
          item,
        );
    }
    before = after;
  }
  watching.stop();
});

test('what many change at once is, event by event, what is shown in the end', async () => {
  const place = await openPlace();
  const { api, projectId, bob } = place;
  const watching = collectFrames<Watched<'threads'>>((on) => api.threads.watch.subscribe({ projectId }, on));
  await watching.until(({ type }) => type === 'snapshot');
  const subject = { subjectType: 'project', subjectId: projectId } as const;
  const { thread, comment } = await api.threads.create.mutate({ projectId, ...subject, body: 'Go' });
  const of = { projectId, commentId: comment.id };
  const toggle = async ({ comments }: Place['api'], emoji: string) => {
    for (let turn = 0; turn < 6; turn += 1) {
      await comments.react.mutate({ ...of, emoji });
      if (turn % 2 === 0) await comments.unreact.mutate({ ...of, emoji });
    }
  };
  const each = [0, 1, 2, 3, 4, 5];
  const write = async (writer: Place['api']) => {
    for (const turn of each)
      await writer.comments.add.mutate({ projectId, threadId: thread.id, body: `${turn}` });
  };
  const edit = async () => {
    for (const turn of each) await api.comments.edit.mutate({ ...of, body: `Go ${turn}` });
  };
  const people = [api, bob.client];
  await Promise.all([
    edit(),
    ...people.flatMap((person) => [write(person), toggle(person, '🎉'), toggle(person, '👍')]),
  ]);
  const fresh = await firstOf<Watched<'threads'>>((on) => api.threads.watch.subscribe({ projectId }, on));
  await watching.until(({ seq }) => seq >= fresh.seq);
  watching.stop();
  const made = watching.received.reduce<ThreadsState | undefined>(applyToThreads, undefined);
  expect(made).toEqual(applyToThreads(undefined, fresh));
});

test('a project that is made, deleted and restored comes, goes and comes back in the list of projects', async () => {
  const before = await readers.projects({ api: setting.ada.client } as Place);
  const place = await openPlace();
  const { api, projectId } = place;
  await api.projects.update.mutate({ projectId, name: 'Named anew' });
  const made = await readers.projects(place);
  await api.projects.delete.mutate({ projectId });
  const without = await readers.projects(place);
  await api.projects.restore.mutate({ projectId });
  const restored = await readers.projects(place);
  const frames = collectFrames<ProjectEvent>((on) =>
    api.projects.watch.subscribe({ projectId, lastEventId: '1.0' }, on),
  );
  await frames.until(({ type }) => type === 'project.restored');
  frames.stop();
  const upTo = (type: string) => {
    const end = frames.received.findIndex((frame) => frame.type === type) + 1;
    const events = frames.received.slice(0, end);
    return byText(
      events.reduce<readonly ListItems['projects'][]>(
        (items, event) => applyToList('projects', items, event),
        before,
      ),
    );
  };
  expect(upTo('project.updated')).toEqual(byText(made));
  expect(upTo('project.deleted')).toEqual(byText(without));
  expect(upTo('project.restored')).toEqual(byText(restored));
  expect(without).toHaveLength(made.length - 1);
});

test('the inbox, with the notifications that come and are read, is the inbox that is there', async () => {
  const { server, ada } = setting;
  const cas = await server.person('Cas');
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Inbox' });
  await ada.client.members.add.mutate({ projectId, actorId: cas.id, role: 'editor' });
  const inbox = (lastEventId?: string) => (on: Parameters<Parameters<typeof collectFrames>[0]>[0]) =>
    cas.client.notifications.watch.subscribe(lastEventId === undefined ? {} : { lastEventId }, on as never);
  const mention = (text: string) =>
    ada.client.threads.create.mutate({
      projectId,
      subjectType: 'project',
      subjectId: projectId,
      body: `@${cas.username} ${text}`,
    });
  const watching = collectFrames<Watched<'notifications'>>(inbox());
  let held: InboxState | undefined;
  const settle = async (isIt: (event: Watched<'notifications'>) => boolean) => {
    const last = await watching.until(isIt);
    const fresh = await firstOf<Watched<'notifications'>>(inbox());
    expect(fresh.seq).toBe(last.seq);
    held = watching.received
      .filter(({ seq }) => seq <= last.seq)
      .reduce<InboxState | undefined>(applyToInbox, undefined);
    expect(held).toEqual(applyToInbox(undefined, fresh));
    return held as InboxState;
  };
  const ends = (text: string) => (event: Watched<'notifications'>) =>
    event.type === 'notification.added' && event.payload.message.endsWith(text);
  await watching.until(({ type }) => type === 'snapshot');
  await mention('one');
  await settle(ends('one'));
  await mention('two');
  const { notifications, unreadCount } = await settle(ends('two'));
  expect(unreadCount).toBeGreaterThan(1);
  await cas.client.notifications.markRead.mutate({ ids: [notifications[0]!.id] });
  await settle((event) => event.type === 'notification.read' && event.payload.ids !== null);
  await mention('three');
  await settle(ends('three'));
  await cas.client.notifications.markAllRead.mutate({});
  expect(
    (await settle((event) => event.type === 'notification.read' && event.payload.ids === null)).unreadCount,
  ).toBe(0);
  watching.stop();
});
