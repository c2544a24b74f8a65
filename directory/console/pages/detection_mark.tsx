// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { may, path, write } from '../api';
import { useResource } from '../data';
import { Shown, Time } from '../parts/text';
import { attempt } from '../parts/toast';
import { Field, Ready } from '../parts/ui';
import type { Detection, DetectionMark } from '../types';

function Said({ mark }: { mark: DetectionMark }) {
  return (
    <p>
      Marked <strong>{mark.verdict}</strong> by <Shown text={mark.who} /> <Time at={mark.time} />
      {mark.note && (
        <>
          : <Shown text={mark.note} />
        </>
      )}
    </p>
  );
}

function Marking({ id, mark, onChange }: {
  id: string;
  mark: DetectionMark | null;
  onChange: (mark: DetectionMark | null) => void;
}) {
  const [note, setNote] = useState(mark?.note ?? '');
  const at = path('detections', id, 'mark');
  const say = (verdict: DetectionMark['verdict']) =>
    void attempt(async () => onChange(await write<DetectionMark>('PUT', at, { verdict, note })));
  const takeBack = () =>
    void attempt(async () => {
      await write('DELETE', at);
      setNote('');
      onChange(null);
    });
  return (
    <>
      <Field label="Note">
        {(props) => (
          <input
            type="text"
            {...props}
            maxLength={500}
            value={note}
            onInput={(event) => setNote(event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="actions">
        <button type="button" aria-pressed={mark?.verdict === 'right'} onClick={() => say('right')}>
          It was right
        </button>
        <button type="button" aria-pressed={mark?.verdict === 'wrong'} onClick={() => say('wrong')}>
          It was wrong
        </button>
        {mark && (
          <button type="button" class="link" onClick={takeBack}>
            Take it back
          </button>
        )}
      </div>
    </>
  );
}

// What people say of a finding; marks are exported to measure the gateway by.
export function DetectionMarking({ id }: { id: string }) {
  const found = useResource<Detection>(path('detections', id));
  return (
    <section class="stack">
      <h3>Was this right?</h3>
      <Ready of={found} what="what was said of it">
        {(of) => (
          <>
            {of.mark && <Said mark={of.mark} />}
            {!of.mark && !may('operator') && <p class="quiet">Nobody has said so far.</p>}
            {may('operator') && (
              <Marking id={id} mark={of.mark ?? null} onChange={(mark) => found.put({ ...of, mark })} />
            )}
          </>
        )}
      </Ready>
    </section>
  );
}
