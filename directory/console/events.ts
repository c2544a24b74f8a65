// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useEffect } from 'preact/hooks';
import { findSession, read, session } from './api';
import { Store } from './store';
import type { Detection, Job, Notification, Status } from './types';

interface Events {
  job: Job;
  notification: Notification;
  detection: Partial<Detection>;
}

const KINDS = ['job', 'notification', 'detection'] as const;
const PAUSE_BEFORE_ASKING_ANEW = 5000;

// The jobs that run, by id, and what the overview and the badge count.
export const jobs = new Store<ReadonlyMap<number, Job>>(new Map());
export const status = new Store<Status | null>(null);
export const isLive = new Store(false);

const watchers: { [K in keyof Events]: Set<(value: Events[K]) => void> } = {
  job: new Set(),
  notification: new Set(),
  detection: new Set(),
};
const waiting = new Set<() => void>();

function watchersOf<K extends keyof Events>(kind: K): Set<(value: Events[K]) => void> {
  return watchers[kind];
}

let source: EventSource | null = null;
let timer = 0;
let wasOpen = false;

function takeJob(job: Job): void {
  const next = new Map(jobs.get());
  if (job.state === 'running') next.set(job.id, job);
  else next.delete(job.id);
  jobs.set(next);
}

// What happened while nobody listened is read.
async function catchUp(): Promise<void> {
  try {
    const listed = await read<{ jobs: Job[] }>('/jobs');
    jobs.set(new Map(listed.jobs.filter((job) => job.state === 'running').map((job) => [job.id, job])));
    status.set(await read<Status>('/status'));
    if (wasOpen) for (const watcher of [...waiting]) watcher();
    wasOpen = true;
  } catch {
    // The stream will tell: it cannot be open either.
  }
}

function hand<K extends keyof Events>(kind: K, value: Events[K]): void {
  if (kind === 'job') takeJob(value as Job);
  for (const watcher of [...watchersOf(kind)]) watcher(value);
}

// Tabs that nobody looks at keep no connection: browsers allow six to one host.
export function openEvents(): () => void {
  let isOver = false;
  const open = () => {
    close();
    source = new EventSource('/api/v1/events');
    source.onopen = () => {
      isLive.set(true);
      void catchUp();
    };
    source.onerror = () => {
      isLive.set(false);
      if (source?.readyState !== EventSource.CLOSED) return;
      timer = window.setTimeout(() => void findSession().catch(() => undefined).then(reopen), PAUSE_BEFORE_ASKING_ANEW);
    };
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => hand(kind, JSON.parse((event as MessageEvent<string>).data)));
    }
  };
  const reopen = () => {
    if (session.get() && !isOver) open();
  };
  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
  const look = () => (document.hidden ? close() : open());
  look();
  document.addEventListener('visibilitychange', look);
  return () => {
    isOver = true;
    wasOpen = false;
    document.removeEventListener('visibilitychange', look);
    close();
  };
}

export async function refreshStatus(): Promise<void> {
  status.set(await read<Status>('/status'));
}

export function useEvents<K extends keyof Events>(kind: K, watcher: (value: Events[K]) => void): void {
  useEffect(() => {
    watchersOf(kind).add(watcher);
    return () => void watchersOf(kind).delete(watcher);
  });
}

// Called when the stream was away: something may have been missed.
export function useCatchUp(watcher: () => void): void {
  useEffect(() => {
    waiting.add(watcher);
    return () => void waiting.delete(watcher);
  });
}
