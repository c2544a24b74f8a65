// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0

import { useEffect, useState } from 'preact/hooks';
import { ask, path, query, read } from '../api';
import { asError, usePages } from '../data';
import { jobs, useCatchUp, useEvents } from '../events';
import type { CopyState, MessageCopy, MessagePull, PullState } from '../message_types';
import { confirm } from '../parts/dialog';
import { count, FullTime, plural, Shown } from '../parts/text';
import { ListEnd, Note, Problem, Progress, Table, Tag, type Tone } from '../parts/ui';
import { useStore } from '../store';

const STATES: Record<PullState, Tone> = {
  searching: 'info',
  moving: 'info',
  restoring: 'info',
  done: 'good',
  restored: 'plain',
  refused: 'warn',
  failed: 'bad',
  cancelled: 'warn',
};

const COPY_STATES: Record<CopyState, { word: string; tone: Tone }> = {
  found: { word: 'found', tone: 'info' },
  moving: { word: 'moving', tone: 'info' },
  moved: { word: 'pulled', tone: 'good' },
  restoring: { word: 'moving back', tone: 'info' },
  restored: { word: 'restored', tone: 'plain' },
  quarantined: { word: 'pulled before', tone: 'plain' },
  left_alone: { word: 'left alone', tone: 'warn' },
  gone: { word: 'gone', tone: 'plain' },
  failed: { word: 'failed', tone: 'bad' },
  no_mailbox: { word: 'no mailbox', tone: 'plain' },
};

export function PullTag({ of }: { of: PullState }) {
  return <Tag tone={STATES[of]}>{of}</Tag>;
}

export function isUnderWay(pull: MessagePull): boolean {
  return pull.ended === 0;
}

export interface Begun {
  number: number;
  job: number;
}

// Begins a search, a pull or a restore once, even if the answer is lost.
export async function beginWork(address: string, body: unknown = {}): Promise<Begun> {
  return (await ask<Begun>('POST', address, { body, idempotencyKey: crypto.randomUUID() })).body;
}

// A search or a pull, read anew whenever its job has changed, until it has ended.
export function useWork(kind: 'searches' | 'pulls', number: number | null) {
  const [work, setWork] = useState<MessagePull | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const load = () => {
    if (number === null) return;
    const name = kind === 'pulls' ? 'pull' : 'search';
    read<Record<string, MessagePull>>(path('messages', kind, number) + query({ limit: 1 })).then(
      (body) => {
        setWork(body[name] ?? null);
        setError(null);
      },
      (thrown) => setError(asError(thrown)),
    );
  };
  useEffect(() => {
    setWork(null);
    load();
  }, [kind, number]);
  useEvents('job', (job) => {
    if (job.kind.startsWith('message_') && job.state !== 'running') load();
  });
  useCatchUp(load);
  return { work, error, reload: load };
}

export function WorkProgress({ of }: { of: MessagePull }) {
  const running = useStore(jobs).get(of.job ?? 0);
  return (
    <p class="with-icon" role="status">
      <Progress label={of.state} done={running?.done ?? 0} total={running?.total ?? 0} />
      <Shown text={running?.message ?? of.state} />
    </p>
  );
}

// What people must know beside the copies.
export function WorkNotes({ of }: { of: MessagePull }) {
  return (
    <>
      {of.failure && (
        <Note tone="bad" icon="warning">
          <p>
            <Shown text={of.failure} />
          </p>
        </Note>
      )}
      {of.disagreement && !of.failure && (
        <Note tone="warn" icon="warning">
          <p>
            Different messages have this Message-ID: <Shown text={of.disagreement} />. Nothing is pulled until the command line says
            which one is meant, with --sender and --subject.
          </p>
        </Note>
      )}
      {of.unlisted > 0 && (
        <Note tone="warn" icon="warning">
          <p>
            The detection does not list {plural(of.unlisted, 'more recipient')}. Their mailboxes are searched only from the command line,
            with --rcpt.
          </p>
        </Note>
      )}
      {of.groups.length > 0 && (
        <ul class="plain-list quiet">
          {of.groups.map((group) => (
            <li key={group.address} class="wrap-anywhere">
              <Shown text={group.address} /> is the group <Shown text={group.name} />: {plural(group.members, 'member')}
            </li>
          ))}
        </ul>
      )}
      {of.unknown.length > 0 && (
        <ul class="plain-list quiet">
          {of.unknown.map((address) => (
            <li key={address} class="wrap-anywhere">
              <Shown text={address} /> is not in the directory
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export function Copies({ kind, of }: { kind: 'searches' | 'pulls'; of: MessagePull }) {
  const pages = usePages<MessageCopy>(
    [kind, of.number, of.state, of.ended].join(' '),
    (after) => path('messages', kind, of.number) + query({ limit: 100, after }),
    (body: { copies: MessageCopy[]; next: string | null }) => ({ items: body.copies, next: body.next }),
  );
  return (
    <>
      {pages.items.length > 0 && (
        <Table caption="Copies">
          <thead>
            <tr>
              <th scope="col">Mailbox</th>
              <th scope="col">State</th>
              <th scope="col" class="wide-only">Message</th>
            </tr>
          </thead>
          <tbody>
            {pages.items.map((copy, place) => (
              <tr key={copy.user + String(place)}>
                <th scope="row" class="wrap-anywhere">
                  <Shown text={copy.mailbox} />
                  <small class="block quiet">
                    <Shown text={copy.folder} empty="" />
                  </small>
                </th>
                <td class="wrap-anywhere">
                  <Tag tone={COPY_STATES[copy.state].tone}>{COPY_STATES[copy.state].word}</Tag>
                  <small class="block quiet">
                    <Shown text={copy.why} empty="" />
                  </small>
                </td>
                <td class="wide-only wrap-anywhere">
                  <Shown text={copy.subject} empty="no subject" />
                  <small class="block quiet">
                    <Shown text={copy.sender} empty="" /> {copy.received > 0 && <FullTime at={copy.received} />}{' '}
                    {copy.read ? 'read' : ''}
                  </small>
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      <ListEnd pages={pages} one="copy" many="copies" />
    </>
  );
}

// Asks, then begins to move everything back.
export function askToRestore(pull: MessagePull, onBegun: () => void): void {
  confirm({
    title: 'Restore the message?',
    text: `${count(pull.counts.moved ?? 0)} copies go back to the folders that they were in, where people can read them again.`,
    action: 'Restore',
    dangerous: true,
    work: async () => {
      await beginWork(path('messages', 'pulls', pull.number, 'restore'));
      onBegun();
    },
  });
}

export function WorkProblem({ error }: { error: Error | null }) {
  return error ? <Problem error={error} /> : null;
}
