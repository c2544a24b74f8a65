// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0

import { useState } from 'preact/hooks';
import { may, query } from '../api';
import { usePages } from '../data';
import { useEvents } from '../events';
import type { MessagePull } from '../message_types';
import { Dialog } from '../parts/dialog';
import { Icon } from '../parts/icons';
import { FullTime, Shown, Time } from '../parts/text';
import { Empty, ListEnd, Page, Table } from '../parts/ui';
import { Link } from '../router';
import { askToRestore, Copies, isUnderWay, PullTag, useWork, WorkNotes, WorkProblem, WorkProgress } from './pull_parts';

function Facts({ pull }: { pull: MessagePull }) {
  return (
    <dl class="facts">
      <dt>Who</dt>
      <dd>
        <Shown text={pull.who} />
      </dd>
      <dt>When</dt>
      <dd>
        <FullTime at={pull.begun} />
      </dd>
      <dt>Message-ID</dt>
      <dd>
        <Shown text={pull.message_id} />
      </dd>
      {pull.sender && (
        <>
          <dt>Sender</dt>
          <dd>
            <Shown text={pull.sender} />
          </dd>
        </>
      )}
      {pull.subject && (
        <>
          <dt>Subject</dt>
          <dd>
            <Shown text={pull.subject} />
          </dd>
        </>
      )}
      <dt>Moved to</dt>
      <dd>{pull.destination === 'quarantine' ? 'a hidden folder of each mailbox' : 'Recoverable Items of each mailbox'}</dd>
      <dt>Directory</dt>
      <dd>
        <Shown text={pull.organization + '/' + pull.directory} />
      </dd>
    </dl>
  );
}

function PullPanel({ number, onClose }: { number: number; onClose: () => void }) {
  const { work, error, reload } = useWork('pulls', number);
  const canRestore = work !== null && !isUnderWay(work) && (work.counts.moved ?? 0) > 0 && may('operator');
  return (
    <Dialog title={`Pull ${number}`} onClose={onClose}>
      <div class="dialog-body" role="region" aria-label="The pull" tabIndex={0}>
        <WorkProblem error={error} />
        {work && (
          <>
            <p>
              <PullTag of={work.state} /> <Shown text={work.summary} />
            </p>
            {isUnderWay(work) && <WorkProgress of={work} />}
            <WorkNotes of={work} />
            <Facts pull={work} />
            <Copies kind="pulls" of={work} />
          </>
        )}
      </div>
      <footer>
        <button type="button" onClick={onClose}>
          Close
        </button>
        {work && canRestore && (
          <button type="button" class="danger" onClick={() => askToRestore(work, reload)}>
            <Icon name="sync" />
            Restore
          </button>
        )}
      </footer>
    </Dialog>
  );
}

export function Pulls() {
  const [opened, setOpened] = useState<number | null>(null);
  const pages = usePages<MessagePull>(
    'pulls',
    (before) => '/messages/pulls' + query({ limit: 100, before }),
    (body: { pulls: MessagePull[]; next: number | null }) => ({ items: body.pulls, next: body.next }),
  );
  useEvents('job', (job) => {
    if (job.kind.startsWith('message_') && job.state !== 'running') pages.reload();
  });
  return (
    <Page title="Pulled messages" intro="Messages that were taken out of mailboxes, the newest first.">
      {pages.isComplete && pages.items.length === 0 && (
        <Empty icon="detections" title="No message was pulled yet">
          <p>
            Open a <Link href="/detections">detection</Link> to find the copies of its message.
          </p>
        </Empty>
      )}
      {pages.items.length > 0 && (
        <Table caption="Pulled messages">
          <thead>
            <tr>
              <th scope="col">Message</th>
              <th scope="col">State</th>
              <th scope="col" class="wide-only">Who</th>
              <th scope="col" class="wide-only">When</th>
            </tr>
          </thead>
          <tbody>
            {pages.items.map((pull) => (
              <tr key={pull.number}>
                <th scope="row" class="wrap-anywhere">
                  <button type="button" class="link name" onClick={() => setOpened(pull.number)}>
                    <Shown text={pull.message_id} />
                  </button>
                  <small class="block quiet">
                    <Shown text={pull.sender} empty="" />
                  </small>
                </th>
                <td>
                  <PullTag of={pull.state} />
                  <small class="block quiet">
                    <Shown text={pull.summary} />
                  </small>
                </td>
                <td class="wide-only">
                  <Shown text={pull.who} />
                </td>
                <td class="wide-only nowrap">
                  <Time at={pull.begun} />
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      <ListEnd pages={pages} one="pull" />
      {opened !== null && <PullPanel number={opened} onClose={() => setOpened(null)} />}
    </Page>
  );
}
