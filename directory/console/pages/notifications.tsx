// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { may, path, query, write } from '../api';
import { usePages } from '../data';
import { refreshStatus, useCatchUp, useEvents } from '../events';
import { Icon } from '../parts/icons';
import { Shown, Time } from '../parts/text';
import { attempt } from '../parts/toast';
import { Empty, ListEnd, Page, Tag, type Tone } from '../parts/ui';
import type { Notification } from '../types';
import { Sinks } from './sinks';

const TONES: Record<Notification['level'], Tone> = { info: 'info', warning: 'warn', error: 'bad' };

export function NotificationCard({ note, onResolve }: { note: Notification; onResolve?: () => void }) {
  const isOpen = !note.resolved && note.level !== 'info';
  return (
    <article class={note.resolved ? 'card notification done' : 'card notification'}>
      <div class="spread">
        <span class="markers">
          <Tag tone={note.resolved ? 'plain' : TONES[note.level]} icon={note.level === 'info' ? 'check' : 'warning'}>
            {note.resolved ? 'seen to' : note.level}
          </Tag>
          {note.directory && (
            <span class="quiet">
              <Shown text={note.directory} />
            </span>
          )}
        </span>
        <span class="quiet">
          <Time at={note.last} />
          {note.times > 1 && ` · ${note.times} times`}
        </span>
      </div>
      <p class="notification-text">
        <Shown text={note.text} />
      </p>
      {note.advice && (
        <p class="advice">
          <Shown text={note.advice} />
        </p>
      )}
      {isOpen && onResolve && (
        <button type="button" onClick={onResolve}>
          <Icon name="check" />
          Mark as seen to
        </button>
      )}
    </article>
  );
}

export function Notifications() {
  const pages = usePages<Notification>(
    'notifications',
    (before) => '/notifications' + query({ limit: 50, before }),
    (body: { notifications: Notification[]; next: number | null }) => ({ items: body.notifications, next: body.next }),
    50,
  );
  const put = (note: Notification) =>
    pages.change((old) => [note, ...old].filter((each, i, all) => all.findIndex((one) => one.number === each.number) === i));
  useEvents('notification', put);
  useCatchUp(pages.reload);
  const resolve = (note: Notification) =>
    void attempt(async () => {
      const now = await write<Notification>('POST', path('notifications', note.number, 'resolve'));
      pages.change((old) => old.map((each) => (each.number === now.number ? now : each)));
      await refreshStatus();
    });
  const isEmpty = pages.isComplete && pages.items.length === 0;
  return (
    <Page title="Notifications" intro="What you should know or do.">
      {isEmpty && (
        <Empty icon="notifications" title="Nothing to tell">
          <p>What fails, and what waits for you, will be told here.</p>
        </Empty>
      )}
      <div class="stack narrow-column">
        {pages.items.map((note) => (
          <NotificationCard
            key={note.number}
            note={note}
            {...(may('operator') ? { onResolve: () => resolve(note) } : {})}
          />
        ))}
      </div>
      <ListEnd pages={pages} one="notification" />
      <Sinks />
    </Page>
  );
}
