// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { may, path, write } from '../api';
import { useResource } from '../data';
import { jobs, refreshStatus, status, useCatchUp, useEvents } from '../events';
import { Icon, type IconName } from '../parts/icons';
import { count, plural, Shown, Time } from '../parts/text';
import { attempt } from '../parts/toast';
import { Loading, Page, Progress, type Tone } from '../parts/ui';
import { Link } from '../router';
import { useStore } from '../store';
import type { DetectionPage, Directory, Job, Notification, Organization, Protection, Status } from '../types';
import { Disposition, ShownAs } from './detections';
import { Findings } from './findings_chart';
import { Health } from './health';
import { NotificationCard } from './notifications';

function Tile({ icon, label, value, note, tone, href }: {
  icon: IconName;
  label: string;
  value: string;
  note: ComponentChildren;
  tone?: Tone;
  href: string;
}) {
  return (
    <li class={'tile ' + (tone ?? '')}>
      <Link href={href}>
        <span class="tile-label">
          <Icon name={icon} />
          {label}
        </span>
        <span class="tile-value">{value}</span>
        <span class="tile-note">{note}</span>
      </Link>
    </li>
  );
}

function Tiles({ now, protections }: { now: Status; protections: Protection[] | null }) {
  const groups = protections?.filter((each) => each.kind === 'group').length ?? 0;
  const others = (protections?.length ?? 0) - groups;
  return (
    <ul class="tiles">
      <Tile
        icon="shield"
        label="Protected"
        value={protections ? count(protections.length) : '…'}
        note={`${plural(groups, 'group')}, ${plural(others, 'person or mailbox', 'people and mailboxes')}`}
        tone={protections?.length === 0 ? 'warn' : 'good'}
        href="/settings/business-email-compromise?view=protected"
      />
      <Tile
        icon="people"
        label="People known"
        value={count(now.people)}
        note={'of ' + plural(now.organizations, 'organization')}
        href="/settings/business-email-compromise?view=people"
      />
      <Tile
        icon="directories"
        label="Directories"
        value={count(now.directories)}
        note={now.failed_directories > 0 ? `${count(now.failed_directories)} failed` : 'none failed'}
        tone={now.failed_directories > 0 ? 'bad' : 'plain'}
        href="/settings/directories"
      />
      <Tile
        icon="notifications"
        label="To see to"
        value={count(now.open_notifications)}
        note={plural(now.open_notifications, 'open notification')}
        tone={now.open_notifications > 0 ? 'warn' : 'plain'}
        href="/notifications"
      />
    </ul>
  );
}

// What to do next, until somebody is protected.
function NextSteps({ directories, protections }: { directories: Directory[]; protections: Protection[] }) {
  const steps: [boolean, ComponentChildren][] = [
    [directories.length > 0, <Link href="/settings/directories">Add a directory: where your people come from</Link>],
    [
      directories.some((each) => each.last_success > 0),
      <Link href="/settings/directories">Authorize it and start the first sync</Link>,
    ],
    [
      protections.length > 0,
      <Link href="/settings/business-email-compromise">Protect a group, or single people</Link>,
    ],
  ];
  if (steps.every(([done]) => done)) return null;
  return (
    <section class="card stack">
      <h2>Next</h2>
      <ol class="next-steps">
        {steps.map(([done, text], i) => (
          <li key={i} class={done ? 'yes' : ''}>
            <span class="step-mark">{done ? <Icon name="check" /> : i + 1}</span>
            {text}
            {done && <span class="unseen">, done</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Newest({ page }: { page: DetectionPage }) {
  return (
    <section class="card stack">
      <div class="spread">
        <h2>Newest detections</h2>
        <Link href="/detections">All detections</Link>
      </div>
      {page.detections.length === 0 ? (
        <p class="quiet">{page.configured ? 'Nothing was found yet.' : 'Detections are not read: directory.yaml names no folder.'}</p>
      ) : (
        <ul class="newest">
          {page.detections.map((each) => (
            <li key={each.id}>
              <Link href={'/detections?id=' + each.id}>
                <ShownAs of={each} />
              </Link>
              <span class="newest-side">
                <Disposition of={each} />
                <Time at={each.time} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Running({ running }: { running: Job[] }) {
  return (
    <section class="card stack">
      <h2>Running</h2>
      {running.map((job) => (
        <div class="job" key={job.id}>
          <div class="spread">
            <span>
              <Shown text={job.subject} />
            </span>
            <small class="quiet">
              {job.message || job.kind}
            </small>
          </div>
          <Progress label={job.kind + ' of ' + job.subject} done={job.done} total={job.total} />
        </div>
      ))}
    </section>
  );
}

export function Overview() {
  const now = useStore(status);
  const running = [...useStore(jobs).values()];
  const directories = useResource<{ directories: Directory[] }>('/directories');
  const protections = useResource<{ protections: Protection[] }>('/protections');
  const notes = useResource<{ notifications: Notification[] }>('/notifications?limit=100');
  const known = useResource<{ organizations: Organization[] }>('/organizations');
  const newest = useResource<DetectionPage>('/detections?limit=6');
  const refresh = () => {
    directories.reload();
    protections.reload();
    notes.reload();
    void refreshStatus().catch(() => undefined);
  };
  useEffect(() => void refreshStatus().catch(() => undefined), []);
  useEvents('job', (job) => job.state !== 'running' && refresh());
  useEvents('notification', notes.reload);
  useEvents('detection', newest.reload);
  useCatchUp(() => {
    refresh();
    newest.reload();
  });
  const open = notes.value?.notifications.filter((each) => !each.resolved && each.level !== 'info') ?? [];
  const organizations = known.value?.organizations.map(({ name }) => name) ?? [];
  const resolve = (note: Notification) =>
    void attempt(async () => {
      await write('POST', path('notifications', note.number, 'resolve'));
      notes.reload();
      await refreshStatus();
    });
  return (
    <Page title="Overview">
      {now ? <Tiles now={now} protections={protections.value?.protections ?? null} /> : <Loading what="the overview" />}
      <Findings organizations={organizations} />
      <div class="columns">
        <div class="stack wide-gap">
          {directories.value && protections.value && (
            <NextSteps directories={directories.value.directories} protections={protections.value.protections} />
          )}
          {newest.value && <Newest page={newest.value} />}
        </div>
        <div class="stack wide-gap">
          {running.length > 0 && <Running running={running} />}
          {open.length > 0 && (
            <section class="stack">
              <div class="spread">
                <h2>To see to</h2>
                <Link href="/notifications">All notifications</Link>
              </div>
              {open.slice(0, 4).map((note) => (
                <NotificationCard
                  key={note.number}
                  note={note}
                  {...(may('operator') ? { onResolve: () => resolve(note) } : {})}
                />
              ))}
            </section>
          )}
          {now && directories.value && <Health now={now} directories={directories.value.directories} running={running} />}
        </div>
      </div>
    </Page>
  );
}
