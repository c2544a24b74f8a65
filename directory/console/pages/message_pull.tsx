// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0

import { useState } from 'preact/hooks';
import { may, query } from '../api';
import { useResource, useSending } from '../data';
import type { MessagePull as Work } from '../message_types';
import { confirm } from '../parts/dialog';
import { Icon } from '../parts/icons';
import { plural, Shown } from '../parts/text';
import type { Detection } from '../types';
import { askToRestore, beginWork, Copies, isUnderWay, PullTag, useWork, WorkNotes, WorkProblem, WorkProgress } from './pull_parts';

function Pulled({ pull, onBegun }: { pull: Work; onBegun: () => void }) {
  return (
    <>
      <p>
        <PullTag of={pull.state} /> <Shown text={pull.summary} />
      </p>
      {isUnderWay(pull) ? <WorkProgress of={pull} /> : <WorkNotes of={pull} />}
      {!isUnderWay(pull) && (
        <details>
          <summary>What became of each copy</summary>
          <Copies kind="pulls" of={pull} />
        </details>
      )}
      {!isUnderWay(pull) && (pull.counts.moved ?? 0) > 0 && may('operator') && (
        <div class="actions">
          <button type="button" onClick={() => askToRestore(pull, onBegun)}>
            <Icon name="sync" />
            Restore
          </button>
        </div>
      )}
    </>
  );
}

function Found({ search, onPull }: { search: Work; onPull: () => void }) {
  if (isUnderWay(search)) return <WorkProgress of={search} />;
  const found = search.counts.found ?? 0;
  return (
    <>
      <p>
        <Shown text={search.summary} />
      </p>
      <WorkNotes of={search} />
      <Copies kind="searches" of={search} />
      {found > 0 && !search.disagreement && (
        <div class="actions">
          <button type="button" class="danger" onClick={onPull}>
            Pull {plural(found, 'copy', 'copies')}
          </button>
        </div>
      )}
    </>
  );
}

// Who has the message of a detection, taking it out of their mailboxes, and putting it back.
export function MessagePull({ detection }: { detection: Detection }) {
  const known = useResource<{ pulls: Work[] }>('/messages/pulls' + query({ detection: detection.id, limit: 1 }));
  const [searched, setSearched] = useState<number | null>(null);
  const [begun, setBegun] = useState<number | null>(null);
  const number = begun ?? known.value?.pulls[0]?.number ?? null;
  const search = useWork('searches', searched);
  const pull = useWork('pulls', number);
  const sending = useSending();
  const find = () =>
    void sending.send(async () => {
      setSearched((await beginWork('/messages/searches', { detection: detection.id })).number);
    });
  const askToPull = () =>
    confirm({
      title: 'Pull the message?',
      text: `${plural(search.work?.counts.found ?? 0, 'copy', 'copies')} will be moved to a hidden folder of each mailbox. They can be restored.`,
      action: 'Pull',
      dangerous: true,
      work: async () => {
        setBegun((await beginWork('/messages/pulls', { detection: detection.id })).number);
        setSearched(null);
      },
    });
  if (!detection.message_id) return null;
  return (
    <section class="stack" aria-label="Delivered copies">
      <h3>Delivered copies</h3>
      {pull.work && <Pulled pull={pull.work} onBegun={pull.reload} />}
      {search.work && <Found search={search.work} onPull={askToPull} />}
      <WorkProblem error={sending.error ?? search.error ?? pull.error ?? known.error} />
      {may('operator') && (
        <div class="actions">
          <button type="button" disabled={sending.busy || (search.work !== null && isUnderWay(search.work))} onClick={find}>
            <Icon name="search" />
            {search.work ? 'Find again' : 'Find copies'}
          </button>
        </div>
      )}
    </section>
  );
}
