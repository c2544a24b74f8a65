// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
import { Fragment } from 'preact';
import { Dialog } from '../parts/dialog';
import { FullTime, Shown } from '../parts/text';
import { Note } from '../parts/ui';
import type { PostureFinding } from '../types';
import { SeverityTag, StateTag } from './posture';

// Of a rule and where it leads there may be several in a row: fields keep their order.
function Evidence({ finding }: { finding: PostureFinding }) {
  if (finding.evidence.length === 0) return null;
  return (
    <section class="stack">
      <h3>What was seen</h3>
      <dl class="facts">
        {finding.evidence.map((field, place) => (
          <Fragment key={field.name + String(place)}>
            <dt>{field.name.replaceAll('_', ' ')}</dt>
            <dd>
              <ul class="plain-list">
                {field.values.map((value) => (
                  <li key={value}>
                    <Shown text={value} />
                  </li>
                ))}
              </ul>
            </dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}

export function PosturePanel({ finding, advice, onClose }: {
  finding: PostureFinding;
  advice: string;
  onClose: () => void;
}) {
  return (
    <Dialog title={finding.title} onClose={onClose}>
      <div class="dialog-body" role="region" aria-label="The finding" tabIndex={0}>
        <div class="verdict">
          <p class="verdict-shown">
            <Shown text={finding.subject.label} empty={finding.subject.id} />
          </p>
          <span class="markers">
            <SeverityTag of={finding.severity} /> <StateTag of={finding.state} />
          </span>
        </div>
        {advice && <p>{advice}</p>}
        {finding.reason && (
          <Note tone="warn" icon="warning">
            <p>
              It could not be looked at the last time: <Shown text={finding.reason} />
            </p>
          </Note>
        )}
        <Evidence finding={finding} />
        <section class="stack">
          <h3>When</h3>
          <dl class="facts">
            <dt>First seen</dt>
            <dd>
              <FullTime at={finding.first_seen} />
            </dd>
            <dt>Last seen</dt>
            <dd>
              <FullTime at={finding.last_seen} />
            </dd>
            {finding.history.map((change) => (
              <Fragment key={change.time}>
                <dt>
                  <StateTag of={change.state} />
                </dt>
                <dd>
                  <FullTime at={change.time} />
                </dd>
              </Fragment>
            ))}
            <dt>Category</dt>
            <dd>{finding.category}</dd>
            <dt>Directory</dt>
            <dd>
              <Shown text={finding.organization + '/' + finding.directory} />
            </dd>
            <dt>Id</dt>
            <dd>
              <Shown text={finding.subject.id} />
            </dd>
          </dl>
        </section>
      </div>
      <footer>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </footer>
    </Dialog>
  );
}
